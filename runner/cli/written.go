package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

// apart refuses to write what a flag names in the place of a file that is read, which would be lost without a word: a
// definition, a test, values of variables or a policy. Ending is the usual one of what the flag writes.
func (p *program) apart(cmd *cobra.Command, flag, ending string) error {
	name, err := cmd.Flags().GetString(flag)
	if err != nil || name == "" {
		return err
	}
	if isFolder(p.path(name)) {
		return fmt.Errorf("--%s %s is a folder: name the file to be written, such as %s", flag, name, filepath.Join(name, cmd.Name()+ending))
	}
	if err := p.notRead(flag, name, ending); err != nil {
		return err
	}
	given, _ := cmd.Flags().GetStringArray("var-file") // not every command has it
	for _, read := range append([]string{p.flags.policy}, given...) {
		if read != "" && sameFile(p.path(name), p.path(read)) {
			return fmt.Errorf("--%s %s is read by this very command: give another name, such as %s", flag, name, cmd.Name()+ending)
		}
	}
	return nil
}

// notRead refuses a name, or what it is a link to, that a folder's configuration and tests are known by.
func (p *program) notRead(flag, name, ending string) error {
	target, err := filepath.EvalSymlinks(p.path(name))
	if err != nil {
		target = name // it is not there yet
	}
	for _, each := range []string{name, target} {
		if yaml := filepath.Ext(each); yaml == ".yaml" || yaml == ".yml" {
			return fmt.Errorf("--%s %s would be read as configuration: give it another ending, such as %s", flag, name, strings.TrimSuffix(name, filepath.Ext(name))+ending)
		}
	}
	return nil
}

func sameFile(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}
