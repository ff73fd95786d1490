package spec

import "testing"

func TestParseLocation(t *testing.T) {
	for text, want := range map[string]Location{
		"file:.reportform":                    {Kind: "file", Path: ".reportform"},
		"file:../state here":                  {Kind: "file", Path: "../state here"},
		"git:reportform-state":                {Kind: "git", Path: "reportform-state", Remote: "origin"},
		"git:state/reports.v1?remote=up.1":    {Kind: "git", Path: "state/reports.v1", Remote: "up.1"},
		"s3://bucket":                         {Kind: "s3", Path: "bucket"},
		"s3://bucket/":                        {Kind: "s3", Path: "bucket"},
		"s3://bu.cket/a/b/?region=eu-north-1": {Kind: "s3", Path: "bu.cket", Prefix: "a/b", Region: "eu-north-1"},
		"s3://bucket/a?endpoint=http://localhost:9000&path_style=true": {Kind: "s3", Path: "bucket", Prefix: "a", Endpoint: "http://localhost:9000", PathStyle: true},
	} {
		if got, err := ParseLocation(text); err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", ".reportform", "file:", "redis://x", "S3://bucket", "git:", "git:-f", "git:a..b", "git:a b", "git:a.lock", "git:/a", "git:a/", "git:a:b",
		"git:+a", "git:a?remote=", "git:a?remote=--upload-pack=x", "git:a?remote=https://x", "git:a?branch=b", "git:a?remote=x&remote=y", "git:a?%zz",
		"s3:bucket", "s3://", "s3:///a", "s3://Bucket", "s3://bucket//a", "s3://bucket/../a", "s3://bucket/a?region=EU west", "s3://bucket/a?path_style=maybe",
		"s3://bucket/a?endpoint=localhost:9000", "s3://bucket/a?endpoint=ftp://x", "s3://bucket/a?endpoint=https://u:p@x", "s3://bucket/a?endpoint=https://x?y=z",
	} {
		if got, err := ParseLocation(text); err == nil {
			t.Errorf("%s: accepted as %+v", text, got)
		}
	}
}
