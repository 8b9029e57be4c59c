package businessday

import "time"

// Shanghai is the registrars' time zone, UTC+8. It is fixed, not loaded, because
// the mainland has had no daylight saving time since 1991 and a minimal container
// image has no time zone database.
var Shanghai = time.FixedZone("CST", 8*60*60)

// dateLayout is the form of a date in a table, and in errors about it.
const dateLayout = time.DateOnly

// date is a calendar day in Shanghai.
type date struct {
	year  int
	month time.Month
	day   int
}

func dateOf(t time.Time) date {
	year, month, day := t.In(Shanghai).Date()
	return date{year, month, day}
}

func (d date) at(hour, minute, second int) time.Time {
	return time.Date(d.year, d.month, d.day, hour, minute, second, 0, Shanghai)
}

func (d date) next() date { return dateOf(d.at(0, 0, 0).AddDate(0, 0, 1)) }

// end is the day's last whole second: times in Kubernetes objects have no
// fraction, so a later instant would not survive being stored.
func (d date) end() time.Time { return d.at(23, 59, 59) }

func (d date) after(other date) bool { return d.at(0, 0, 0).After(other.at(0, 0, 0)) }

func (d date) weekday() time.Weekday { return d.at(0, 0, 0).Weekday() }

func (d date) isWeekend() bool {
	return d.weekday() == time.Saturday || d.weekday() == time.Sunday
}

// isFixedHoliday reports whether the day is a public holiday in any year: those
// that the Regulation on Public Holidays for National Annual Festivals and
// Memorial Days (as of 2025) sets by the solar calendar. Qingming is not among
// them, for it falls on 4, 5 or 6 April.
func (d date) isFixedHoliday() bool {
	switch d.month {
	case time.January:
		return d.day == 1
	case time.May:
		return d.day <= 2
	case time.October:
		return d.day <= 3
	default:
		return false
	}
}

func (d date) String() string { return d.at(0, 0, 0).Format(dateLayout) }

// dayKind says what a day is to somebody who waits for the registrar.
type dayKind int

const (
	workday dayKind = iota
	weekend
	// publicHoliday is any day that a table has off, weekends within a holiday too.
	publicHoliday
	// makeUpWorkday is a weekend worked to make up for a holiday. Whether the
	// registrars work it is not known, so it is not counted as a business day.
	makeUpWorkday
)
