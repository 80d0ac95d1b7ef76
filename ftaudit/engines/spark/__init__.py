"""The engine of a cluster: Apache Spark moves blobs, our own code does all the work in them.

No row of the data passes through the JVM: a table has a slot, a kind and bytes, and whatever those
mean is known to the Python functions on the executors alone. Read `spark_engine` first;
`spark_session` is the one module that knows pyspark.
"""
