#!/usr/bin/env bash
# How many rows a second the request engine gets, and a loop in Python with requests and pandas (sidebyside.py), by
# turns from one server on this machine: 100,000 rows of 24 columns in pages of 100. The argument is how often (3).
#
# On Debian, apt-get install python3-requests python3-pandas brings what the loop needs.
set -euo pipefail
cd "$(dirname "$0")"
go test -run '^$' -bench '^BenchmarkBesidePython$' -benchtime "${1:-3}x" -v . | awk '
  /_test.go:[0-9]+: / { sub(/.*_test.go:[0-9]+: /, ""); print; said = 1 }
  /^BenchmarkBesidePython.*rows\/s/ {
    for (i = 3; i < NF; i += 2) m[$(i + 1)] = $i
    printf "%-20s %10s\n%-20s %10.0f\n%-20s %10.0f\n%-20s %10.1f\n", "100,000 rows", "rows/s",
      "reportform", m["rows/s"], "requests + pandas", m["python-rows/s"], "times as many", m["rows/s"] / m["python-rows/s"]
    said = 1
  }
  END { exit !said }'
