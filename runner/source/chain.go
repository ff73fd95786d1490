package source

import (
	"context"
	"errors"
	"fmt"
	"net/url"
)

// longestNext bounds what leads to the next page, in bytes: servers take no longer addresses.
const longestNext = 8 << 10

// chained yields the pages behind the first, each of which only the one before it tells the way to.
func (f *fetch) chained(ctx context.Context, pg *page, yield func(*page, error) bool) {
	// said has the number of the page that told each way, so that a way which is told twice ends in an error and in
	// no endless round.
	said := map[string]int{}
	at, rows := f.paging.number(0, f.paging.Size), 0
	for number := 1; ; number++ {
		if pg.more == no {
			return
		}
		rows += pg.rows
		next, err := f.after(at, pg, number)
		if err != nil {
			yield(nil, err)
			return
		}
		if pg.next == "" {
			return
		}
		if earlier, twice := said[pg.next]; twice {
			yield(nil, f.integrityFault(at, "Page %d says that the next page is at %s, which is what page %d said: the pages go round and never end.",
				number, f.secrets.excerpt([]byte(pg.next), 200), earlier))
			return
		}
		said[pg.next] = number
		if number > f.paging.most {
			yield(nil, f.tooManyPages())
			return
		}
		next.before = rows
		at = next
		if pg, err = f.page(ctx, at); err == nil && number == f.paging.most && pg.rows > 0 {
			err = f.tooManyPages()
		}
		if !yield(pg, err) || err != nil {
			return
		}
	}
}

// after is the place of the page behind pg, which was asked for at a place and has a number.
func (f *fetch) after(at place, pg *page, number int) (place, error) {
	switch {
	case pg.next == "" && pg.more == yes:
		return place{}, f.integrityFault(at, "Page %d says by %q that more rows follow, and does not say where: %s.", number, f.paging.More, f.nowhere())
	case pg.next == "" && number == 1 && !pg.hasNext && pg.more == unsaid && pg.total < 0 && pg.rows > 0 && f.mayBeFull(pg):
		// Where the path is wrong, this is all that would ever be fetched.
		text := fmt.Sprintf("The first page is full, with %d rows,", pg.rows)
		or := "say by total or more where the API tells that there are no more rows"
		if f.paging.Size == 0 {
			text = fmt.Sprintf("The first page has %d rows, which may be as many as a page can have,", pg.rows)
			or = "where the API leaves it out behind the last row, say how many rows a full page has (size: 100)"
		}
		return place{}, f.wrongPaging(at, "%s and does not say whether another one follows: %s. Correct that in the source's paging, or %s.", text, f.nowhere(), or)
	case pg.next == "":
		return place{}, nil
	case len(pg.next) > longestNext:
		return place{}, f.fault(at, &Error{Kind: KindTooLarge, Messages: []string{fmt.Sprintf(
			"What leads from page %d to the next one is longer than %d bytes.", number, longestNext)}})
	case f.paging.nextIs == nextCursor:
		return place{pairs: []pair{{name: f.paging.parameter, value: pg.next}}}, nil
	}
	next, err := f.home(pg.from, pg.next)
	if err != nil {
		return place{}, f.fault(at, &Error{Kind: KindRedirect, Err: err, wide: true})
	}
	return place{url: next}, nil
}

// mayBeFull reports whether a page has as many rows as one can have, as far as known. Where that is not known, a path is
// taken for wrong that leads nowhere; a header Link that is not there is how an API says that there is one page.
func (f *fetch) mayBeFull(pg *page) bool {
	if f.paging.Size == 0 {
		return f.paging.nextIs != nextLink
	}
	return pg.rows >= f.paging.Size
}

// nowhere says what is missing of a page that should lead to the next.
func (f *fetch) nowhere() string {
	if f.paging.nextIs == nextLink {
		return "it has no header Link of the relation next"
	}
	return fmt.Sprintf("it has no %q", f.paging.next)
}

// home reads the address of a next page, which must be on the connection's own server: credentials go there alone,
// and what is asked for with them is not for another server to choose.
func (f *fetch) home(from *url.URL, text string) (*url.URL, error) {
	shown := f.secrets.excerpt([]byte(text), 200)
	u, err := url.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("the API says that the next page is at %q, which is no address", shown)
	}
	if from != nil {
		u = from.ResolveReference(u)
	}
	if u.User != nil {
		return nil, errors.New("the API says that the next page is at an address with a user name, which is not followed")
	}
	if origin(u) != origin(f.target.base) {
		return nil, fmt.Errorf("the API says that the next page is at %s, and the connection's server is %s", shown, server(f.target.base))
	}
	u.Fragment = ""
	return u, nil
}
