package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/reportform/reportform/runner/state"
)

func (p *program) stateInit() *cobra.Command {
	var vars variableFlags
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Begin a state that several runners share",
		Long: `Init makes the state that the configuration names, once, empty: nothing counts as delivered then.
On git it makes and pushes the branch, on S3 the first object. A state in a folder is made by the first apply as well.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := p.load(nil, vars)
			if err != nil {
				return err
			}
			store, err := p.openStore(c)
			if err != nil {
				return err
			}
			root := state.NewRoot(p.Now(), p.Random)
			if err := store.Init(cmd.Context(), root); errors.Is(err, state.ErrTaken) {
				return fmt.Errorf("there is a state at %s already, and it is left as it is\n\nTo see what it knows:\n    %s state list", c.State.Location, p.calling(p.Dir))
			} else if err != nil {
				return err
			}
			p.view.object("state_root", map[string]string{"location": c.State.Location, "lineage": root.Lineage})
			p.lines("The state %s is made. Nothing counts as delivered yet: the next apply sends what is due.\n", c.State.Location)
			return nil
		},
	}
	vars.add(cmd)
	return cmd
}
