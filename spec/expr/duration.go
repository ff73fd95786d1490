package expr

import (
	"math"
	"strconv"
	"strings"
	"time"
)

var durationUnits = []struct {
	name string
	size time.Duration
}{
	{"ms", time.Millisecond}, {"min", time.Minute},
	{"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second},
}

// ParseDuration reads a length of time as people and APIs write it: 5m, 1h30m, 90s, 1.5h, 1d, 250ms, 00:05:00, 123:33:44.5;
// a minus before it turns it round. What is below a microsecond is dropped; ok is false for anything else.
func ParseDuration(text string) (d time.Duration, ok bool) {
	text, negative := strings.CutPrefix(strings.TrimSpace(text), "-")
	if strings.Contains(text, ":") {
		d, ok = parseClock(text)
	} else {
		d, ok = parseUnits(text)
	}
	if negative {
		d = -d
	}
	return d.Truncate(time.Microsecond), ok
}

// parseClock reads H:MM:SS with hours beyond 24 and a fraction of a second.
func parseClock(text string) (time.Duration, bool) {
	parts := strings.Split(text, ":")
	if len(parts) != 3 || len(parts[1]) != 2 || len(parts[2]) < 2 {
		return 0, false
	}
	seconds, fraction, dotted := strings.Cut(parts[2], ".")
	whole, ok := numbersBelow([]string{parts[0], parts[1], seconds}, []int64{math.MaxInt64 / int64(time.Hour), 60, 60})
	if !ok {
		return 0, false
	}
	d := time.Duration(whole[0])*time.Hour + time.Duration(whole[1])*time.Minute + time.Duration(whole[2])*time.Second
	if dotted {
		f, ok := amount("0." + fraction)
		if !ok || fraction == "" {
			return 0, false
		}
		d += time.Duration(math.Round(f * float64(time.Second)))
	}
	return d, d >= 0
}

func numbersBelow(parts []string, limits []int64) ([]int64, bool) {
	out := make([]int64, len(parts))
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 63)
		if err != nil || int64(n) >= limits[i] {
			return nil, false
		}
		out[i] = int64(n)
	}
	return out, true
}

// parseUnits reads numbers that are each followed by their unit.
func parseUnits(text string) (time.Duration, bool) {
	var total time.Duration
	for rest := text; ; {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789."))
		n, ok := amount(rest[:digits])
		if !ok {
			return 0, false
		}
		rest = rest[digits:]
		size := time.Duration(0)
		for _, u := range durationUnits {
			if after, found := strings.CutPrefix(rest, u.name); found {
				size, rest = u.size, after
				break
			}
		}
		part := math.Round(n * float64(size))
		if size == 0 || part >= math.MaxInt64 {
			return 0, false
		}
		if total += time.Duration(part); total < 0 {
			return 0, false
		}
		if rest = strings.TrimLeft(rest, " "); rest == "" {
			return total, true
		}
	}
}

// amount reads digits with at most one point.
func amount(s string) (float64, bool) {
	if s == "" || strings.Trim(s, "0123456789.") != "" {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}
