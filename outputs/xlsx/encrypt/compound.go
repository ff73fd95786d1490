package encrypt

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"unicode/utf16"
)

// The compound file of an encrypted workbook (MS-CFB, version 3): sectors of 512 bytes, of which streams under 4096 bytes
// share some in pieces of 64.
const (
	sectorSize  = 512
	pieceSize   = 64
	smallStream = 4096
	// maxCompound is how large a stream of version 3 may be.
	maxCompound = 1<<31 - 1

	freeSector  = 0xFFFFFFFF
	endOfChain  = 0xFFFFFFFE
	tableSector = 0xFFFFFFFD
	chainSector = 0xFFFFFFFC
	nobody      = 0xFFFFFFFF
	// inHeader is how many sectors of the table the header names itself.
	inHeader = 109
)

// entry is one of the directory, a tree whose siblings are ordered by length of name, then by name.
type entry struct {
	name string
	// kind is 1 for a folder, 2 for a stream, 5 for the root.
	kind               byte
	left, right, child uint32
	data               []byte
	start              uint32
	size               uint64
	red                bool
}

// compound lays the file out: the encrypted package from the first sector on, behind it small streams, directory, tables.
type compound struct {
	size                            int64
	entries                         []entry
	packageSectors                  uint32
	directory, miniTable            uint32
	miniTables, tables, chains      uint32
	firstTable, firstChain, sectors uint32
}

func newCompound(size int64) (*compound, error) {
	if size > maxCompound {
		return nil, fmt.Errorf("the workbook has %d bytes, and an encrypted one holds %d", size, maxCompound)
	}
	return &compound{size: size, packageSectors: uint32((size + sectorSize - 1) / sectorSize)}, nil
}

// behind returns all that follows the package's bytes.
func (c *compound) behind(info []byte) []byte {
	c.entries = dataSpaces(info)
	small, miniTable := c.pieces()
	out := make([]byte, int64(c.packageSectors)*sectorSize-c.size)
	c.entries[1].size = uint64(c.size)
	next := c.packageSectors
	var table []uint32
	take := func(data []byte) uint32 {
		first := next
		data = padded(data, 0)
		out = append(out, data...)
		next += uint32(len(data) / sectorSize)
		return first
	}
	table = chain(table, next)
	c.entries[0].start, c.entries[0].size = take(small), uint64(len(small))
	table = chain(table, next)
	c.miniTable = take(padded(numbers(miniTable), 0xFF))
	c.miniTables = next - c.miniTable
	table = chain(table, next)
	c.directory = take(c.names())
	table = chain(table, next)
	return append(out, c.table(table, next)...)
}

// pieces puts the small streams together, and says in which order their pieces follow.
func (c *compound) pieces() (small []byte, table []uint32) {
	for i := range c.entries {
		e := &c.entries[i]
		if e.kind != 2 || e.data == nil {
			continue
		}
		e.start, e.size = uint32(len(small)/pieceSize), uint64(len(e.data))
		small = append(small, e.data...)
		small = append(small, make([]byte, (pieceSize-len(e.data)%pieceSize)%pieceSize)...)
		table = chain(table, uint32(len(small)/pieceSize))
	}
	return small, table
}

// chain makes the sectors from the table's end up to next one stream.
func chain(table []uint32, next uint32) []uint32 {
	for uint32(len(table)) < next-1 {
		table = append(table, uint32(len(table)+1))
	}
	return append(table, endOfChain)
}

// table returns the sectors of the allocation table, and of what tells where those are when the header has no room.
func (c *compound) table(table []uint32, next uint32) []byte {
	const each = sectorSize / 4
	for {
		tables := (next + c.tables + c.chains + each - 1) / each
		chains := uint32(0)
		if tables > inHeader {
			chains = (tables - inHeader + each - 2) / (each - 1)
		}
		if tables == c.tables && chains == c.chains {
			break
		}
		c.tables, c.chains = tables, chains
	}
	c.firstTable, c.firstChain = next, next+c.tables
	c.sectors = next + c.tables + c.chains
	for range c.tables {
		table = append(table, tableSector)
	}
	for range c.chains {
		table = append(table, chainSector)
	}
	out := padded(numbers(table), 0xFF)
	place := c.firstTable + inHeader
	for i := range c.chains {
		var sector []uint32
		for range each - 1 {
			if place < c.firstTable+c.tables {
				sector = append(sector, place)
			} else {
				sector = append(sector, freeSector)
			}
			place++
		}
		if i+1 < c.chains {
			sector = append(sector, c.firstChain+i+1)
		} else {
			sector = append(sector, endOfChain)
		}
		out = append(out, numbers(sector)...)
	}
	return out
}

// header is the file's first 512 bytes.
func (c *compound) header() []byte {
	var b bytes.Buffer
	b.Write([]byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1})
	b.Write(make([]byte, 16))
	for _, n := range []uint16{0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0} { // versions, byte order, sizes as powers of two, reserved
		_ = binary.Write(&b, binary.LittleEndian, n)
	}
	firstChain := uint32(endOfChain)
	if c.chains > 0 {
		firstChain = c.firstChain
	}
	b.Write(numbers([]uint32{0, c.tables, c.directory, 0, smallStream, c.miniTable, c.miniTables, firstChain, c.chains}))
	for i := range uint32(inHeader) {
		place := uint32(freeSector)
		if i < c.tables {
			place = c.firstTable + i
		}
		b.Write(numbers([]uint32{place}))
	}
	return b.Bytes()
}

// names writes the directory.
func (c *compound) names() []byte {
	var b bytes.Buffer
	for _, e := range c.entries {
		name := utf16.Encode([]rune(e.name))
		var field [32]uint16
		copy(field[:], name)
		_ = binary.Write(&b, binary.LittleEndian, field)
		_ = binary.Write(&b, binary.LittleEndian, uint16(2*len(name)+2))
		colour := byte(1)
		if e.red {
			colour = 0
		}
		b.Write([]byte{e.kind, colour})
		b.Write(numbers([]uint32{e.left, e.right, e.child}))
		b.Write(make([]byte, 36)) // class, flags and times, which are nobody's
		b.Write(numbers([]uint32{e.start}))
		_ = binary.Write(&b, binary.LittleEndian, e.size)
	}
	for b.Len()%sectorSize != 0 {
		b.Write(make([]byte, 68))
		b.Write(numbers([]uint32{nobody, nobody, nobody}))
		b.Write(make([]byte, 48))
	}
	return b.Bytes()
}

// dataSpaces is the directory of an encrypted package, MS-OFFCRYPTO 2.1 and 2.2: what is encrypted, and by what.
func dataSpaces(info []byte) []entry {
	const none = nobody
	return []entry{
		{name: "Root Entry", kind: 5, left: none, right: none, child: 10},
		{name: "EncryptedPackage", kind: 2, left: none, right: none, child: none},
		{name: "\x06DataSpaces", kind: 1, left: none, right: none, child: 4},
		{name: "Version", kind: 2, left: none, right: none, child: none, data: append(phrase("Microsoft.Container.DataSpaces"), numbers([]uint32{1, 1, 1})...)},
		{name: "DataSpaceMap", kind: 2, left: 3, right: 5, child: none, data: dataSpaceMap()},
		{name: "DataSpaceInfo", kind: 1, left: none, right: 7, child: 6},
		{name: "StrongEncryptionDataSpace", kind: 2, left: none, right: none, child: none,
			data: append(numbers([]uint32{8, 1}), phrase("StrongEncryptionTransform")...)},
		{name: "TransformInfo", kind: 1, left: none, right: none, child: 8, red: true},
		{name: "StrongEncryptionTransform", kind: 1, left: none, right: none, child: 9},
		{name: "\x06Primary", kind: 2, left: none, right: none, child: none, data: transform()},
		{name: "EncryptionInfo", kind: 2, left: 2, right: 1, child: none, data: info},
	}
}

func dataSpaceMap() []byte {
	record := append(numbers([]uint32{1, 0}), phrase("EncryptedPackage")...)
	record = append(record, phrase("StrongEncryptionDataSpace")...)
	return append(numbers([]uint32{8, 1, uint32(len(record) + 4)}), record...)
}

// transform says that the package is encrypted as the description tells.
func transform() []byte {
	id := phrase("{FF9A3F03-56EF-4613-BDD5-5A41C1D07246}")
	head := append(numbers([]uint32{uint32(8 + len(id)), 1}), id...)
	head = append(head, phrase("Microsoft.Container.EncryptionTransform")...)
	return append(head, numbers([]uint32{1, 1, 1, 0, 0, 0, 4})...)
}

// phrase is a text behind its length, padded to whole words (MS-OFFCRYPTO 2.1.2).
func phrase(s string) []byte {
	out := numbers([]uint32{uint32(2 * len(s))})
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return append(out, make([]byte, (4-len(out)%4)%4)...)
}

func numbers(n []uint32) []byte {
	out := make([]byte, 0, 4*len(n))
	for _, x := range n {
		out = binary.LittleEndian.AppendUint32(out, x)
	}
	return out
}

// padded pads data to whole sectors.
func padded(data []byte, with byte) []byte {
	return append(data, bytes.Repeat([]byte{with}, (sectorSize-len(data)%sectorSize)%sectorSize)...)
}
