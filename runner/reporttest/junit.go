package reporttest

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// What GitHub's and GitLab's readers of JUnit's form know: suites with cases, each with a failure or an error at most.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Time     string       `xml:"time,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Time     string      `xml:"time,attr"`
		Cases    []junitCase `xml:"testcase"`
		took     time.Duration
	}
	junitCase struct {
		Name    string      `xml:"name,attr"`
		Class   string      `xml:"classname,attr"`
		File    string      `xml:"file,attr"`
		Line    int         `xml:"line,attr"`
		Time    string      `xml:"time,attr"`
		Failure *junitFault `xml:"failure"`
		Error   *junitFault `xml:"error"`
	}
	junitFault struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes results for a CI's view of tests: a suite for each file. Explain says of a result that failed why.
func JUnit(w io.Writer, results []Result, explain func(Result) string) error {
	all := junitSuites{Name: "reportform"}
	var took time.Duration
	for _, r := range results {
		if n := len(all.Suites); n == 0 || all.Suites[n-1].Name != r.File.Name {
			all.Suites = append(all.Suites, junitSuite{Name: r.File.Name})
		}
		s := &all.Suites[len(all.Suites)-1]
		c := junitCase{Name: r.Test.Name, Class: r.Test.Report, File: r.File.Name, Line: r.Test.Range.Start.Line, Time: seconds(r.Took)}
		switch {
		case r.Problems.HasErrors():
			c.Error = &junitFault{Message: r.Problems[0].Summary, Type: r.Problems[0].Code, Text: valid(explain(r))}
			s.Errors++
			all.Errors++
		case !r.Passed():
			c.Failure = &junitFault{Message: Differences(len(r.Failures)), Type: "differs", Text: valid(explain(r))}
			s.Failures++
			all.Failures++
		}
		s.Cases = append(s.Cases, c)
		s.Tests++
		all.Tests++
		s.took += r.Took
		s.Time, took = seconds(s.took), took+r.Took
	}
	all.Time = seconds(took)
	text, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("write JUnit's form: %w", err)
	}
	_, err = io.WriteString(w, xml.Header+string(text)+"\n")
	return err
}

// Differences says how many there are.
func Differences(n int) string {
	if n == 1 {
		return "1 thing came out otherwise"
	}
	return fmt.Sprintf("%d things came out otherwise", n)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }

// valid leaves out what XML cannot hold.
func valid(text string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' && c != '\n' && c != '\t' {
			return -1
		}
		return c
	}, text)
}
