package expr

import (
	"fmt"
	"time"
)

// DisplayPeriod shows a time bucket by its grain, the same in every medium: 2026-11-09 13:00, 13:00 (hour_of_day),
// 2026-11-09, 2026-W46, Nov 2026 (listopad 2026), 2026. One that was not understood is shown as its source wrote it.
func DisplayPeriod(v Value, grain, locale string) string {
	if grain == "week" && v.Type == Period && v.Valid && !v.Sensitive {
		if week, ok := Week(v.Int); ok {
			return week
		}
	}
	return Display(v, DefaultFormat(Period, grain, locale), locale)
}

// Week names the ISO week that begins at civil microseconds, such as "2026-W46". A week from another day than Monday
// is none of ISO's: ok is false, and it is shown as its first day.
func Week(us int64) (name string, ok bool) {
	t := FromCivil(us)
	if us == NoTime || t.Weekday() != time.Monday {
		return "", false
	}
	year, week := t.ISOWeek()
	return fmt.Sprintf("%04d-W%02d", year, week), true
}
