package expr

// timeNames are a locale's words for months and days.
type timeNames struct {
	months, monthsOfDay, shortMonths [12]string // monthsOfDay: as they stand after a day's number
	days, shortDays                  [7]string  // from Sunday
}

var englishNames = &timeNames{
	months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
		"November", "December"},
	monthsOfDay: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September",
		"October", "November", "December"},
	shortMonths: [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	days:        [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	shortDays:   [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
}

var polishNames = &timeNames{
	months: [12]string{"styczeń", "luty", "marzec", "kwiecień", "maj", "czerwiec", "lipiec", "sierpień", "wrzesień",
		"październik", "listopad", "grudzień"},
	monthsOfDay: [12]string{"stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września",
		"października", "listopada", "grudnia"},
	shortMonths: [12]string{"sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru"},
	days:        [7]string{"niedziela", "poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota"},
	shortDays:   [7]string{"niedz.", "pon.", "wt.", "śr.", "czw.", "pt.", "sob."},
}

func namesOf(locale string) *timeNames {
	if locale == "pl" {
		return polishNames
	}
	return englishNames
}

// separators are a locale's marks for fractions and thousands; Polish groups stay on one line.
func separators(locale string) (point, group string) {
	if locale == "pl" {
		return ",", "\u00a0"
	}
	return ".", ","
}

func yesNo(locale string, yes bool) string {
	switch {
	case locale == "pl" && yes:
		return "tak"
	case locale == "pl":
		return "nie"
	case yes:
		return "yes"
	default:
		return "no"
	}
}

// DefaultFormat is the number format, in Excel's notation, of a column without one of its own: the one table for
// workbooks and for what readers see elsewhere. grain is that of a Period; no format can show a week: see [Week].
// Months are named in the report's language, whatever that of who opens the workbook. Text has "@", which is no number.
func DefaultFormat(t Type, grain, locale string) string {
	date := "yyyy-mm-dd"
	if locale == "pl" {
		date = "dd.mm.yyyy"
	}
	switch t {
	case Integer:
		return "#,##0"
	case Decimal:
		return "#,##0.00"
	case Percent, Ratio:
		return "0.0%"
	case Duration:
		return "[h]:mm:ss"
	case Date:
		return date
	case DateTime:
		return date + " hh:mm"
	case Period:
		switch grain {
		case "minute", "hour":
			return date + " hh:mm"
		case "hour_of_day":
			return "hh:mm"
		case "month":
			if locale == "pl" {
				return "[$-415]mmmm yyyy" // whose short names LibreOffice writes as Roman numbers
			}
			return "[$-409]mmm yyyy"
		case "year":
			return "yyyy"
		default:
			return date
		}
	case Text:
		return "@"
	default:
		return "General"
	}
}
