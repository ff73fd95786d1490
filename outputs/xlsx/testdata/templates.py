"""Makes the templates that the tests fill: python3 templates.py, in this folder.

designed.xlsx is as openpyxl writes it, office.xlsx the same as LibreOffice (soffice) saves it.
"""
import io
import re
import struct
import subprocess
import tempfile
import zipfile
import zlib
from pathlib import Path

from openpyxl import Workbook
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import CellIsRule, DataBarRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableColumn, TableFormula, TableStyleInfo

HERE = Path(__file__).parent
STYLE = TableStyleInfo(name="TableStyleMedium2", showRowStripes=True)


class Picture(Image):
    """A plain square, as a PNG, without Pillow, which openpyxl wants for its size alone."""

    def __init__(self):
        self.width = self.height = 24
        self.format = "png"
        self.anchor = "A1"

    def _data(self):
        rows = b"".join(b"\0" + b"\x2f\x5d\x8a" * self.width for _ in range(self.height))
        head = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        parts = [(b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts)


def table(sheet, name, ref, functions=None, formulas=None):
    t = Table(displayName=name, ref=ref, tableStyleInfo=STYLE)
    sheet.add_table(t)
    t._initialise_columns()
    head = sheet[ref.split(":")[0]]
    for i, column in enumerate(t.tableColumns):
        column.name = sheet.cell(head.row, head.column + i).value
        if formulas and column.name in formulas:
            column.calculatedColumnFormula = TableFormula(attr_text=formulas[column.name])
        if functions and column.name in functions:
            column.totalsRowFunction = functions[column.name]
    if functions:
        first, last = ref.split(":")
        t.totalsRowCount = 1
        t.autoFilter.ref = first + ":" + "".join(c for c in last if c.isalpha()) + str(int("".join(c for c in last if c.isdigit())) - 1)
    return t


book = Workbook()
report = book.active
report.title = "Weekly report"
report["A1"] = "Chats of the week"
report["A1"].font = Font(size=18, bold=True, color="2F5D8A")
report.merge_cells("A1:E1")
report["A2"], report["B2"] = "Range", "sample"
report["A3"], report["B3"] = "Answered", 0.5
report["B3"].number_format = "0.00%"
report["A4"], report["B4"] = "Chats in all", "=Agents[[#Totals],[Chats]]"

for i, label in enumerate(["Agent", "Chats", "Answered", "Share", "Talk time"]):
    report.cell(6, 1 + i, label)
for row, (agent, chats, answered) in enumerate([("Sample One", 10, 9), ("Sample Two", 20, 15), ("Sample Three", 30, 21)], start=7):
    report.cell(row, 1, agent).font = Font(italic=True)
    report.cell(row, 2, chats).number_format = "#,##0"
    report.cell(row, 3, answered).fill = PatternFill("solid", fgColor="EAF3EA")
    report.cell(row, 4, f"=C{row}/B{row}").number_format = "0.0%"
    report.cell(row, 5, 0.01)
report["A10"], report["B10"], report["C10"] = "Total", "=SUBTOTAL(109,Agents[Chats])", "=SUBTOTAL(109,C7:C9)"
table(report, "Agents", "A6:E10", {"Chats": "sum", "Answered": "sum"}, {"Share": "C7/B7"})

report["A12"] = "Figures are of all queues."
report["A12"].alignment = Alignment(wrap_text=True)
report.merge_cells("A12:E12")
report["A13"], report["B13"], report["C13"] = "Best", "=MAX(B7:B9)", "=$B$7"
report["A13"].comment = Comment("The best of all agents.", "designer")
report.row_dimensions[13].height = 30

for i, label in enumerate(["queue_name", "Calls"]):
    report.cell(16, 1 + i, label)
report["A17"], report["B17"] = "Sample queue", 1
table(report, "Queues", "A16:B17")
report["A19"], report["B19"] = "Queues", "=COUNTA(Queues[queue_name])"

report.conditional_formatting.add("D7:D9", DataBarRule("num", 0, "num", 1, color="638EC6"))
report.conditional_formatting.add("B13", CellIsRule(operator="greaterThan", formula=["$B$10/2"], font=Font(color="C00000")))
choice = DataValidation(type="list", formula1='"yes,no"')
choice.add("D13")
report.add_data_validation(choice)

chart = BarChart()
chart.title = "Chats by agent"
chart.add_data(Reference(report, min_col=2, min_row=6, max_row=9), titles_from_data=True)
chart.set_categories(Reference(report, min_col=1, min_row=7, max_row=9))
report.add_chart(chart, "G2")
report.add_image(Picture(), "A21")
report.column_dimensions["A"].width = 28
report.print_area = "A1:N40"

days = book.create_sheet("Days & nights")
days["A1"], days["B1"], days["C1"], days["E1"] = "Day", "Chats", "Talk time", "beside"
days["A2"], days["B2"], days["C2"] = "sample", 1, "sample"
days["A2"].number_format = "dddd"
days["E2"], days["E3"], days["E4"] = 1, 2, "=SUM(B2:B2)"
days["A4"] = "below"
line = LineChart()
line.add_data(Reference(days, min_col=2, min_row=2, max_row=2))
line.set_categories(Reference(days, min_col=1, min_row=2, max_row=2))
days.add_chart(line, "A6")

other = book.create_sheet("Other")
other["A1"] = "='Weekly report'!B10+'Weekly report'!B13"
other["A2"] = "=IFERROR(VLOOKUP(\"x\",'Weekly report'!$A$7:$C$9,2,FALSE),0)"
other["A3"] = '="A7 is text"&SUM(\'Weekly report\'!B7:B9)'

plain = book.create_sheet("Untouched")
plain["A1"] = "nothing here"
plain.add_image(Picture(), "C3")

for name, ref in {
    "range_label": "'Weekly report'!$B$2",
    "answered_share": "'Weekly report'!$B$3",
    "days": "'Days & nights'!$A$2",
    "chart_source": "'Weekly report'!$A$7:$B$9",
    "a_formula": "SUM('Weekly report'!$B$7:$B$9)",
}.items():
    book.defined_names.append(DefinedName(name, attr_text=ref))

FONT = "b i strike condense extend outline shadow u vertAlign sz color name family charset scheme".split()


def ordered(font):
    """A font with its elements in the schema's order, which openpyxl does not keep."""
    parts = re.findall(r"<(\w+)[^>]*/>", font.group(1))
    texts = re.findall(r"<\w+[^>]*/>", font.group(1))
    return "<font>" + "".join(text for _, text in sorted(zip(parts, texts), key=lambda p: FONT.index(p[0]))) + "</font>"


whole = io.BytesIO()
book.save(whole)
with zipfile.ZipFile(whole) as source, zipfile.ZipFile(HERE / "designed.xlsx", "w", zipfile.ZIP_DEFLATED) as target:
    for name in source.namelist():
        data = source.read(name)
        if name == "xl/styles.xml":
            data = re.sub(r"<font>(.*?)</font>", ordered, data.decode()).encode()
        target.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
with tempfile.TemporaryDirectory() as folder:
    profile = f"-env:UserInstallation=file://{folder}/profile"
    subprocess.run(["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", folder, str(HERE / "designed.xlsx")], check=True)
    (HERE / "office.xlsx").write_bytes((Path(folder) / "designed.xlsx").read_bytes())
