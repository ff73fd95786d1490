package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/reportform/reportform/runner/source"
)

// cacheFlags are those of a command that may use answers of earlier runs.
type cacheFlags struct {
	dir  string
	keep string
}

// aboutCache is the part of a command's help that says what a cache is.
const aboutCache = `

With --cache DIR the APIs' answers are kept in that folder, and used instead of asking again, for 12 hours or as long as
--cache-for says: for trying out columns, transforms and layouts. What is shown says from when it is. Older answers are
asked for anew, and only sent where the API says that they have changed. Errors are never kept. The folder may hold
personal data and is its owner's alone (mode 0700); secrets are not in it. It is told apart by what is asked and not by
who asks: two accounts of one API want two folders. It takes up to 256 MiB, the oldest goes first.`

func (f *cacheFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.dir, "cache", "", "keep the APIs' answers in this `FOLDER`, and use those that are there")
	cmd.Flags().StringVar(&f.keep, "cache-for", "12h", "how old an answer of the cache may be, such as 30m or 7d")
}

// openCache opens the folder that the flags name, for all of the run's requests.
func (p *program) openCache(cmd *cobra.Command, f cacheFlags) error {
	if f.dir == "" {
		if cmd.Flags().Changed("cache-for") || cmd.Flags().Changed("cache") {
			return errors.New("--cache-for is how old answers of a cache may be, and there is none: name its folder with --cache")
		}
		return nil
	}
	keep, err := parseAge("cache-for", f.keep)
	if err != nil {
		return err
	}
	if p.cache, err = source.OpenCache(p.path(f.dir), keep); err != nil {
		return err
	}
	p.closed = append(p.closed, func() { _ = p.cache.Close() })
	return nil
}

// refuseCache says of a command that delivers why it takes no cache.
func refuseCache(cmd *cobra.Command) {
	for _, name := range []string{"cache", "cache-for"} {
		cmd.Flags().Var(noCache{}, name, "")
		_ = cmd.Flags().MarkHidden(name) // it is there
	}
}

// noCache is the value of a flag that is there to be refused.
type noCache struct{}

func (noCache) String() string { return "" }
func (noCache) Type() string   { return "string" }

// Set implements pflag.Value.
func (noCache) Set(string) error {
	return errors.New("what is delivered is what the API says now, and not what it said some time ago: --cache is for plan and preview")
}
