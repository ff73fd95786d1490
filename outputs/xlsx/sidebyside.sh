#!/usr/bin/env bash
# Writes the same rows as workbooks with this package, libxlsxwriter (C, constant memory) and pandas with xlsxwriter, one
# after the other, several times, and says the median CPU time, the most memory, the file's size, and how they compare.
# It needs a C compiler, libxlsxwriter with its header, and python3 with pandas and xlsxwriter (Debian: gcc,
# libxlsxwriter-dev, python3-pandas, python3-xlsxwriter); without pandas it goes without. ROWS (100000) and TIMES (5) say
# how much; PYTHON names the interpreter; MILLION=1 writes a million rows with this package, too.
set -euo pipefail
cd "$(dirname "$0")"
rows=${ROWS:-100000} times=${TIMES:-5} python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go test -c -o "$work/ours.test" .
ours() { SIDEBYSIDE=$work SIDEBYSIDE_ROWS=$1 SIDEBYSIDE_STEP=${2:-} "$work/ours.test" -test.run '^TestSideBySide$' | sed '/^PASS$/d'; }

ours "$rows" export
programs=(ours)
"${CC:-cc}" -O2 -o "$work/with_c" testdata/sidebyside/with_libxlsxwriter.c -lxlsxwriter && programs+=(c)
"$python" -c 'import pandas, xlsxwriter' 2>/dev/null && programs+=(pandas)
write() {
  case $1 in
    ours) ours "$rows" ;;
    c) "$work/with_c" "$work" "$work/c.xlsx" ;;
    pandas) "$python" testdata/sidebyside/with_pandas.py "$work" "$work/pandas.xlsx" ;;
  esac
}
for _ in $(seq "$times"); do
  for p in "${programs[@]}"; do write "$p" >>"$work/$p.took"; done
done

median() { sort -n -k1,1 "$work/$1.took" | sed -n "$(((times + 1) / 2))p"; }
read -r cpu memory size <<<"$(median ours)"
printf '%-34s %8s %8s %8s %12s %12s\n' "$rows rows, 24 columns" 'CPU s' 'peak MB' 'file MB' 'ours is CPU' 'ours is size'
for p in "${programs[@]}"; do
  case $p in ours) name='reportform' ;; c) name='libxlsxwriter, constant memory' ;; pandas) name='pandas with xlsxwriter' ;; esac
  median "$p" | awk -v name="$name" -v cpu="$cpu" -v size="$size" \
    '{ printf "%-34s %8.2f %8.0f %8.1f %9.3f × %9.2f ×\n", name, $1, $2, $3, cpu / $1, size / $3 }'
done
if [ -n "${MILLION:-}" ]; then
  ours 1000000 | awk '{ printf "%-34s %8.2f %8.0f %8.1f\n", "reportform, 1000000 rows", $1, $2, $3 }'
fi
