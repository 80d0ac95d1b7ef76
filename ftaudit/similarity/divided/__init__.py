"""The search by MinHash in pieces, for a cluster: buckets, sets and edges are shuffled.

Read `cluster_search` first, the order of the stages. Of every stage a task takes blobs and returns
blobs (`model.blobs`), by the same kernels and functions as the search on one machine. No stage
depends on the order in which blobs arrive, nor on how parts and slots are cut.
"""
