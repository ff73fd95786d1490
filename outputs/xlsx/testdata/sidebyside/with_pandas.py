"""Writes the rows of a folder as a workbook with pandas and xlsxwriter, and says what that took: CPU seconds without
those for reading the rows, the most memory in MB, the file in MB."""

import os
import resource
import struct
import sys

import pandas


def columns(folder):
    with open(os.path.join(folder, "columns.tsv"), encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t") for line in lines]


def rows(folder, width):
    with open(os.path.join(folder, "rows.bin"), "rb") as file:
        data = file.read()
    at, row = 0, []
    while at < len(data):
        kind = data[at]
        at += 1
        if kind == 2:
            (length,) = struct.unpack_from("<I", data, at)
            at += 4 + length
            row.append(data[at - length : at].decode())
        elif kind in (1, 3):
            (number,) = struct.unpack_from("<d", data, at)
            at += 8
            row.append(number != 0 if kind == 3 else int(number) if number.is_integer() else number)
        else:
            row.append(None)
        if len(row) == width:
            yield row
            row = []


def seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


folder, out = sys.argv[1:]
described = columns(folder)
before = seconds()
read = list(rows(folder, len(described)))
reading = seconds() - before
frame = pandas.DataFrame(read, columns=[label for label, *_ in described])
for label, kind, *_ in described:
    if kind in ("period", "datetime"):
        frame[label] = pandas.to_datetime(frame[label], unit="D", origin="1899-12-30").dt.round("s")
with pandas.ExcelWriter(out, engine="xlsxwriter") as writer:
    frame.to_excel(writer, sheet_name="Data", index=False)
    book, sheet = writer.book, writer.sheets["Data"]
    for i, (_, _, code, width, formula, total) in enumerate(described):
        look = book.add_format({"font_name": "Arial", "font_size": 10, "num_format": code or "General"})
        sheet.set_column(i, i, float(width), look)
        if formula:
            sheet.write_formula(len(frame) + 1, i, "=" + formula, look, float(total))
    sheet.autofilter(0, 0, len(frame), len(described) - 1)
    sheet.freeze_panes(1, 2)
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(f"{seconds() - reading:.3f} {most / 1e3:.1f} {os.path.getsize(out) / 1e6:.2f}")
