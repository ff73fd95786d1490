package xlsx

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/reportform/reportform/spec/expr"
)

const (
	// exact is the first whole number that Excel, which keeps 15 digits, shows and edits as another one.
	exact = 1_000_000_000_000_000
	// dayMicros is a day in microseconds.
	dayMicros = 24 * 60 * 60 * 1_000_000
	// unixSerial is 1970-01-01 in the 1900 date system.
	unixSerial = 25_569
	// firstSerial is 1900-03-01: earlier days are off by one in Excel, which believes in 29 February 1900.
	firstSerial = 61
	// lastSerial is the day after 9999-12-31.
	lastSerial = 2_958_466
)

// put sets c to what Excel holds for v, a value of a column with a grain: numbers wherever Excel can keep the figure
// and text wherever it would change it.
func put(c *cell, v expr.Value, grain string) {
	c.kind, c.text = empty, ""
	if !v.Valid {
		return
	}
	switch v.Type {
	case expr.Integer:
		if v.Int <= -exact || v.Int >= exact {
			c.kind, c.text = text, strconv.FormatInt(v.Int, 10)
			return
		}
		c.kind, c.num = number, float64(v.Int)
	case expr.Decimal:
		if v.Dec.Prec()-v.Dec.Scale() > 15 {
			c.kind, c.text = text, v.Dec.String()
			return
		}
		c.kind = number
		c.num, _ = v.Dec.Float64()
	case expr.Percent, expr.Ratio:
		putFloat(c, expr.CellFloat(v))
	case expr.Duration:
		if v.Int < 0 {
			// Excel shows a negative time as a row of number signs.
			c.kind, c.text = text, "-"+clock(-v.Int)
			return
		}
		c.kind, c.num = number, expr.CellFloat(v)
	case expr.Date, expr.DateTime:
		putMoment(c, v.Int, v.Type == expr.Date)
	case expr.Period:
		putPeriod(c, v, grain)
	case expr.Boolean:
		c.kind, c.num = boolean, float64(v.Int)
	default:
		c.kind, c.text = text, v.Str
	}
}

// putFloat writes what is no number as text, since a cell cannot hold it.
func putFloat(c *cell, f float64) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		c.kind, c.text = text, strconv.FormatFloat(f, 'g', -1, 64)
		return
	}
	c.kind, c.num = number, f
}

// putMoment writes civil microseconds as a serial: the clock on the wall, whatever the zone of who reads it.
func putMoment(c *cell, us int64, day bool) {
	serial := float64(us)/dayMicros + unixSerial
	if serial >= firstSerial && serial < lastSerial {
		c.kind, c.num = number, serial
		return
	}
	layout := time.DateTime
	if day {
		layout = time.DateOnly
	}
	c.kind, c.text = text, expr.FromCivil(us).Format(layout)
}

func putPeriod(c *cell, v expr.Value, grain string) {
	switch {
	case v.Int == expr.NoTime:
		c.kind, c.text = text, v.Str
	case grain == "hour_of_day":
		c.kind, c.num = number, float64(((v.Int%dayMicros)+dayMicros)%dayMicros)/dayMicros
	case grain == "week":
		if c.text, _ = expr.Week(v.Int); c.text != "" {
			c.kind = text
			return
		}
		putMoment(c, v.Int, true)
	default:
		putMoment(c, v.Int, grain == "day")
	}
}

// clock writes a length of time as [h]:mm:ss.
func clock(us int64) string {
	s := us / 1_000_000
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}
