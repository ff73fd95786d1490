package spec

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Location is a state's location in its parts: what `state.location` says.
type Location struct {
	// Kind is "file", "git" or "s3".
	Kind string
	// Path is file's folder, git's branch, or s3's bucket.
	Path string
	// Remote is where git's branch is pushed to.
	Remote string
	// Prefix is before all names in s3's bucket, without slashes at its ends.
	Prefix string
	// Region and Endpoint of s3 are empty where the machine's own settings hold.
	Region, Endpoint string
	// PathStyle puts the bucket into the path instead of the host's name.
	PathStyle bool
}

// locationForms show each kind as it is written.
const locationForms = "`file:FOLDER`, `git:BRANCH` or `s3://BUCKET/PREFIX`"

// ParseLocation reads a state's location.
func ParseLocation(text string) (Location, error) {
	kind, rest, found := strings.Cut(text, ":")
	l := Location{Kind: kind}
	switch {
	case !found:
		return l, fmt.Errorf("location %q does not say what it is: write %s; a folder would be `file:%s`", text, locationForms, text)
	case kind == "file":
		l.Path = rest
		if rest == "" {
			return l, fmt.Errorf("location %q names no folder: write `file:.reportform`", text)
		}
		return l, nil
	case kind == "git":
		return l, l.git(text, rest)
	case kind == "s3":
		return l, l.s3(text, rest)
	}
	return l, fmt.Errorf("location %q is of no kind that is known: write %s", text, locationForms)
}

// branchName is stricter than git is, so that no name is an option, a range or a pattern to it.
var (
	branchName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_-]*([./][A-Za-z0-9_-]+)*$`)
	remoteName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$`)
	bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	prefixName = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$`)
	regionName = regexp.MustCompile(`^[a-z0-9-]+$`)
)

func (l *Location) git(text, rest string) error {
	branch, query, _ := strings.Cut(rest, "?")
	options, err := locationOptions(text, query, "remote")
	if err != nil {
		return err
	}
	l.Path, l.Remote = branch, "origin"
	if remote, given := options["remote"]; given {
		l.Remote = remote
	}
	switch {
	case !branchName.MatchString(branch) || strings.HasSuffix(branch, ".lock"):
		return fmt.Errorf("location %q names no branch: write `git:reportform-state`, with letters, digits, and '-', '_', '.' or '/' between them", text)
	case !remoteName.MatchString(l.Remote):
		return fmt.Errorf("location %q asks for the remote %q: write the name that git has for it, such as `origin`", text, l.Remote)
	}
	return nil
}

func (l *Location) s3(text, rest string) error {
	path, query, _ := strings.Cut(rest, "?")
	options, err := locationOptions(text, query, "region", "endpoint", "path_style")
	if err != nil {
		return err
	}
	path, slashes := strings.CutPrefix(path, "//")
	l.Path, l.Prefix, _ = strings.Cut(path, "/")
	l.Prefix = strings.TrimSuffix(l.Prefix, "/")
	l.Region, l.Endpoint = options["region"], options["endpoint"]
	if !slashes || !bucketName.MatchString(l.Path) {
		return fmt.Errorf("location %q names no bucket: write `s3://BUCKET/PREFIX`, the bucket in small letters, digits, '-' and '.'", text)
	}
	if l.Prefix != "" && !prefixName.MatchString(l.Prefix) {
		return fmt.Errorf("location %q has a prefix of other characters than letters, digits, '-', '_', '.' and '/' between them", text)
	}
	if l.Region != "" && !regionName.MatchString(l.Region) {
		return fmt.Errorf("location %q asks for the region %q: write a name such as `eu-central-1`", text, l.Region)
	}
	if style, given := options["path_style"]; given {
		if l.PathStyle, err = strconv.ParseBool(style); err != nil {
			return fmt.Errorf("location %q has path_style=%s: write `true` or `false`", text, style)
		}
	}
	if l.Endpoint == "" {
		return nil
	}
	u, err := url.Parse(l.Endpoint)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("location's endpoint is no address: write `endpoint=https://HOST`; credentials are taken from the environment, never from here")
	}
	return nil
}

// locationOptions reads what follows the question mark: each of the known names at most once.
func locationOptions(text, query string, known ...string) (map[string]string, error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil, fmt.Errorf("location %q is not written as an address: after `?` come NAME=VALUE, with `&` between them", text)
	}
	out := map[string]string{}
	for name, given := range values {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("location %q has an unknown option %q: known are %s", text, name, strings.Join(known, ", "))
		}
		if len(given) > 1 {
			return nil, fmt.Errorf("location %q says %s twice", text, name)
		}
		out[name] = given[0]
	}
	return out, nil
}
