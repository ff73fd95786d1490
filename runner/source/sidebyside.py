"""Fetch all pages into a pandas table, as scripts do: requests with one session, a loop, json_normalize.

Prints how many rows came and how many seconds they took, without the start of Python and its imports.
Durations and dates stay texts here; reportform's columns are typed.
"""
import sys
import time

import pandas
import requests

url, limit = sys.argv[1], 100
session = requests.Session()
begin = time.perf_counter()
rows = []
while True:
    response = session.get(url, params={"limit": limit, "offset": len(rows)}, timeout=30)
    response.raise_for_status()
    page = response.json()
    rows.extend(page)
    if len(page) < limit:
        break
table = pandas.json_normalize(rows, sep="_")
print(len(table), time.perf_counter() - begin)
