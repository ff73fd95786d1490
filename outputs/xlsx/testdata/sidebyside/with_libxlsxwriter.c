// Writes the rows of a folder as a workbook with libxlsxwriter in constant memory, and says what that took: CPU seconds,
// the most memory in MB, the file in MB.
#include <stdio.h>
#include <stdlib.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <xlsxwriter.h>

enum { most = 64 };

static double seconds(struct timeval t) { return t.tv_sec + t.tv_usec / 1e6; }

static void must(int ok, const char *what) {
    if (!ok) {
        perror(what);
        exit(1);
    }
}

static FILE *opened(const char *dir, const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "rb");
    must(f != NULL, path);
    return f;
}

int main(int argc, char **argv) {
    must(argc == 3, "usage: with_libxlsxwriter FOLDER OUT");
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = argv[1]};
    lxw_workbook *book = workbook_new_opt(argv[2], &options);
    lxw_worksheet *sheet = workbook_add_worksheet(book, "Data");
    lxw_format *formats[most], *bold = workbook_add_format(book);
    format_set_bold(bold);
    char formulas[most][2048];
    double totals[most];
    int columns = 0;

    FILE *in = opened(argv[1], "columns.tsv");
    char text[1 << 16];
    for (; fgets(text, sizeof text, in) != NULL; columns++) {
        must(columns < most, "too many columns");
        char *rest = text, *label = strsep(&rest, "\t");
        strsep(&rest, "\t"); // the type
        char *format = strsep(&rest, "\t"), *width = strsep(&rest, "\t");
        snprintf(formulas[columns], sizeof formulas[columns], "=%s", strsep(&rest, "\t"));
        totals[columns] = atof(rest);
        formats[columns] = workbook_add_format(book);
        format_set_font_name(formats[columns], "Arial");
        format_set_font_size(formats[columns], 10);
        format_set_font_color(formats[columns], 0x1F2937);
        format_set_bottom(formats[columns], LXW_BORDER_THIN);
        if (*format != 0)
            format_set_num_format(formats[columns], format);
        worksheet_set_column(sheet, columns, columns, atof(width), NULL);
        worksheet_write_string(sheet, 0, columns, label, bold);
    }
    fclose(in);
    worksheet_freeze_panes(sheet, 1, 2);

    in = opened(argv[1], "rows.bin");
    uint32_t row = 1;
    for (int kind; (kind = getc(in)) != EOF; row++) {
        for (int c = 0; c < columns; c++) {
            double x;
            uint32_t length;
            if (c > 0)
                kind = getc(in);
            switch (kind) {
            case 1:
            case 3:
                must(fread(&x, sizeof x, 1, in) == 1, "rows.bin");
                if (kind == 1)
                    worksheet_write_number(sheet, row, c, x, formats[c]);
                else
                    worksheet_write_boolean(sheet, row, c, x != 0, formats[c]);
                break;
            case 2:
                must(fread(&length, sizeof length, 1, in) == 1 && length < sizeof text, "rows.bin");
                must(fread(text, 1, length, in) == length, "rows.bin");
                text[length] = 0;
                worksheet_write_string(sheet, row, c, text, formats[c]);
                break;
            default:
                worksheet_write_blank(sheet, row, c, formats[c]);
            }
        }
    }
    fclose(in);
    for (int c = 0; c < columns; c++)
        if (formulas[c][1] != 0)
            worksheet_write_formula_num(sheet, row, c, formulas[c], formats[c], totals[c]);
    worksheet_autofilter(sheet, 0, 0, row - 1, columns - 1);
    must(workbook_close(book) == LXW_NO_ERROR, "workbook_close");

    struct rusage used;
    struct stat file;
    getrusage(RUSAGE_SELF, &used);
    must(stat(argv[2], &file) == 0, argv[2]);
    printf("%.3f %.1f %.2f\n", seconds(used.ru_utime) + seconds(used.ru_stime), used.ru_maxrss / 1e3, file.st_size / 1e6);
    return 0;
}
