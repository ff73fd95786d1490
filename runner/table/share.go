package table

// Share returns another table of the same rows. Each of them is closed by itself, and the last one takes away what the
// rows have on disk.
func (t *Table) Share() *Table {
	if t.file != nil {
		t.file.users.Add(1)
	}
	return &Table{fields: t.fields, n: t.n, batches: t.batches, size: t.size, file: t.file, places: t.places, Absent: t.Absent, Quoted: t.Quoted}
}

// Held is how many bytes the rows take in memory and on disk, about.
func (t *Table) Held() (memory, disk int64) {
	if t.file == nil {
		return t.size, 0
	}
	for _, p := range t.places {
		disk += int64(p.length)
	}
	return 0, disk
}
