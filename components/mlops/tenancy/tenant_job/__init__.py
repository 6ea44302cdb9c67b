"""Program that gives one tenant its role and database on a PostgreSQL server.

It runs by itself in a Kubernetes Job: the standard library, boto3 and psycopg2 are all it needs.
It is safe to run again and again, and every crash is healed by the next run.
"""
