package tree

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// mostTabbed bounds how many texts of a file may begin with a tab, since the file is read once more for each.
const mostTabbed = 50

var (
	// blockHeader is the end of a line that a text of many lines begins with, without a figure for its indentation.
	blockHeader = regexp.MustCompile(`^(?:- +)*(?:[^\s#'"?\-][^#]*?: +)?(?:[!&]\S* +)*[|>]()[+-]?[ \t]*(?:[ \t]#.*)?\r?$`)
	tabFault    = "found a tab character where an indentation space is expected"
)

// forLibrary is the source as yaml.v3 can read it, with the same lines. A text below "|" may begin with a tab behind its
// indentation (YAML 1.2, 8.1.1.1), which yaml.v3 takes for indentation unless the header says how deep it is: so it says.
func (s *source) forLibrary() *source {
	if !bytes.Contains(s.data, []byte(" \t")) {
		return s
	}
	said := s
	for range mostTabbed {
		line := said.tabbed()
		if line == 0 {
			break
		}
		at, depth := said.blockDepth(line)
		if depth < 1 || depth > 9 {
			break
		}
		said = newSource(s.file, slices.Insert(slices.Clone(said.data), at, byte('0'+depth)))
	}
	return said
}

// tabbed returns the line of the header whose text yaml.v3 refuses for its tab, 0 where there is none.
func (s *source) tabbed() int {
	counter := &byteReader{data: s.data}
	var ignored yaml.Node
	var err error
	for decoder := yaml.NewDecoder(counter); err == nil; {
		err = decode(decoder, &ignored)
	}
	if errors.Is(err, io.EOF) || !strings.Contains(err.Error(), tabFault) {
		return 0
	}
	line := 0
	if rest, ok := strings.CutPrefix(err.Error(), "yaml: line "); ok {
		number, _, _ := strings.Cut(rest, ":")
		line, _ = strconv.Atoi(number)
	}
	if line = min(line, len(s.lines)); line > 0 && blockHeader.Match(s.content(line)) {
		return line
	}
	return 1 // of a header in the first line, yaml.v3 says where the tab is
}

// blockDepth returns where a header's figure stands, and how many spaces deeper its text is than what it belongs to: 0
// where the text is not deeper, so that the tab is indentation indeed.
func (s *source) blockDepth(header int) (at, depth int) {
	text, start := s.lineText(header)
	found := blockHeader.FindSubmatchIndex(s.content(header))
	if found == nil {
		return 0, 0
	}
	at = start + len(text) - len(s.content(header)) + found[2]
	parent := s.ownerColumn(header)
	for line := header + 1; line <= len(s.lines); line++ {
		text, _ := s.lineText(line)
		if content := s.content(line); len(bytes.TrimSpace(content)) > 0 || bytes.HasPrefix(content, []byte("\t")) {
			return at, len(text) - len(content) - parent
		}
	}
	return 0, 0
}

// ownerColumn is the column (from 0) of the key or hyphen that the text below a header belongs to: on the header's line, or
// on the last one above where that line has the header alone.
func (s *source) ownerColumn(header int) int {
	owner := header
	if alone := s.content(header); strings.ContainsRune("|>!&", rune(alone[0])) {
		for owner--; owner > 0; owner-- {
			if content := s.content(owner); len(bytes.TrimSpace(content)) > 0 && content[0] != '#' {
				break
			}
		}
	}
	if owner == 0 {
		return 0
	}
	rest := s.content(owner)
	text, _ := s.lineText(owner)
	column := len(text) - len(rest)
	for bytes.HasPrefix(rest, []byte("- ")) {
		behind := bytes.TrimLeft(rest[1:], " ")
		if len(behind) == 0 || strings.ContainsRune("|>!&", rune(behind[0])) {
			break // the text is an item itself
		}
		column += len(rest) - len(behind)
		rest = behind
	}
	return column
}

// content is a line without the spaces that it begins with.
func (s *source) content(line int) []byte {
	text, _ := s.lineText(line)
	return bytes.TrimLeft(text, " ")
}
