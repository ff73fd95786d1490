package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/reportform/reportform/runner/source/thulium"
)

// The demo API's account when it is served for other clients.
const demoUser, demoPassword = "demo", "demo"

func (p *program) demoCommand() *cobra.Command {
	var listen string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Serve the demo API on loopback, for trying other clients",
		Long: `Demo serves a Thulium-compatible API with made-up, repeatable figures on loopback, until it is stopped.
Connections of type demo need no server: they have the same API inside the program.`,
		Args: arguments(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			listener, err := (&net.ListenConfig{}).Listen(cmd.Context(), "tcp", listen)
			if err != nil {
				return fmt.Errorf("serve the demo API: %w", err)
			}
			if a, ok := listener.Addr().(*net.TCPAddr); !ok || !a.IP.IsLoopback() {
				_ = listener.Close()
				return fmt.Errorf("--listen %q is not on loopback: the demo API is for this machine alone", listen)
			}
			base := "http://" + listener.Addr().String()
			p.view.object("demo", map[string]string{"base_url": base, "username": demoUser, "password": demoPassword})
			p.lines(`The demo API is served until Ctrl-C. As a connection:

  type: thulium
  base_url: %s
  username: %s
  password: ${env.DEMO_PASSWORD}     # export DEMO_PASSWORD=%s

With another client:

  curl -u %s:%s '%s/api/chats/reports/summary?date_from=2026-11-09%%2000:00:00&date_to=2026-11-15%%2023:59:59&aggregate_by=day'
`, base, demoUser, demoPassword, demoUser, demoPassword, base)
			server := &http.Server{
				Handler:           thulium.Demo(thulium.DemoOptions{Username: demoUser, Password: demoPassword, Now: p.Now}),
				ReadHeaderTimeout: 10 * time.Second,
			}
			stop := context.AfterFunc(cmd.Context(), func() { _ = server.Close() })
			defer stop()
			if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
				return err
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8765", "address and port on loopback; port 0 takes a free one")
	return cmd
}
