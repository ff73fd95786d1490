package cli_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/reportform/reportform/runner/source/thulium"
)

const apiPassword = "tajne-hasło-4412"

// brokenAPI is the demo API at /good, and one way of failing at every other path.
func brokenAPI() http.Handler {
	mux := http.NewServeMux()
	good := thulium.Demo(thulium.DemoOptions{Username: "api", Password: apiPassword})
	mux.Handle("/good/", http.StripPrefix("/good", good))
	fail := func(status int, message string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			fmt.Fprintf(w, `{"request_id":"53678450401cf","errors":[{"message":%q,"code":111111}]}`, message)
		}
	}
	mux.Handle("/400/", fail(http.StatusBadRequest, "Wrong format of date_from."))
	mux.Handle("/401/", fail(http.StatusUnauthorized, "Wrong user or password."))
	mux.Handle("/403/", fail(http.StatusForbidden, "No permission for this method."))
	mux.Handle("/500/", fail(http.StatusInternalServerError, "Something broke."))
	mux.Handle("/404/", fail(http.StatusNotFound, "No such object."))
	mux.HandleFunc("/html/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!DOCTYPE html><title>Log in</title>")
	})
	mux.HandleFunc("/truncated/", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `[{"series": "2026-11", "user_name": "Jan", "incom`)
	})
	mux.HandleFunc("/silent/", func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(time.Minute):
		}
	})
	// The head comes, and the rows never do.
	mux.HandleFunc("/stalled/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `[{"series": "2026-11",`)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	mux.HandleFunc("/types/", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `[{"series": "2026-11", "user_name": "Jan", "incoming": "many"}]`)
	})
	mux.HandleFunc("/gone/", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	// Busy at first, then as good as any.
	var asked atomic.Int32
	mux.HandleFunc("/busy/", func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		http.StripPrefix("/busy", good).ServeHTTP(w, r)
	})
	// Another API: a bearer token, pages by offset within an envelope, values of every kind.
	mux.HandleFunc("/shop/orders", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+apiPassword {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		const orders = 250
		offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
		limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
		rows := []string{}
		for i := offset; i < min(offset+limit, orders); i++ {
			rows = append(rows, fmt.Sprintf(`{"id":"%05d","customer":{"name":"Żaneta =1+1 %d"},"gross":"%d.25","paid_at":"2026-11-%02d 23:30:00","seconds":%d}`, i, i, i, 9+i%7, i))
		}
		fmt.Fprintf(w, `{"count":%d,"from":%q,"until":%q,"result":[%s]}`, orders, r.URL.Query().Get("since"), r.URL.Query().Get("before"), strings.Join(rows, ","))
	})
	// Links to the rows themselves, with the key in them.
	mux.HandleFunc("/linked/tickets", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `[{"id":"1","self":"/tickets/1?key=%[1]s"},{"id":"2","self":"/tickets/2?key=%[1]s"}]`, url.QueryEscape(r.URL.Query().Get("key")))
	})
	mux.Handle("/own/", http.StripPrefix("/own", ownAPI()))
	// A server that quotes what it was sent: the program must not print it.
	mux.HandleFunc("/echo/", func(w http.ResponseWriter, r *http.Request) {
		_, password, _ := r.BasicAuth()
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, "you sent %s as %s", password, strings.TrimPrefix(r.Header.Get("Authorization"), "Basic "))
	})
	return mux
}
