"""The kernels of `similarity.kernels` again in numpy and Python, for data too small to load those.

Loading compiled kernels takes longer than answering a few hundred rows, and compiling them, the
first time on a machine, much longer. Functions have the names, the arguments and the results of
the kernels; scratch arrays are left as they are. `runtime.kernel_loader` chooses. Read
`plain_byte_blocks` first: texts and hashes.
"""
