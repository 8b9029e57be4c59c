package businessday

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

//go:embed years.yaml
var compiledYears []byte

// Calendar knows the business days and public holidays of the Chinese mainland.
// It is immutable and safe for concurrent use. Default makes one.
type Calendar struct {
	years map[int]Year
}

// Year is the table of one calendar year, as Parse reads it.
type Year struct {
	number      int
	provisional bool
	// days holds what the table sets apart from ordinary weekdays and weekends.
	days map[date]dayKind
}

// Number is the calendar year, such as 2026.
func (y Year) Number() int { return y.number }

// Coverage lists the years a calendar has tables for, each in ascending order.
type Coverage struct {
	// Published years rest on the notice of the State Council.
	Published []int
	// Provisional years rest on the statutory days alone.
	Provisional []int
}

var defaultCalendar = sync.OnceValue(func() *Calendar {
	years, err := Parse(compiledYears)
	if err != nil {
		panic(fmt.Sprintf("parse compiled-in years.yaml: %v", err))
	}
	return (&Calendar{}).With(years...)
})

// Default returns the compiled-in calendar: 2026 as published, 2027 provisional.
func Default() *Calendar { return defaultCalendar() }

// With returns a calendar in which the given tables replace, whole, those of the
// same years, or are added. The receiver stays as it is. Of two tables for one
// year the last counts.
func (c *Calendar) With(years ...Year) *Calendar {
	merged := make(map[int]Year, len(c.years)+len(years))
	maps.Copy(merged, c.years)
	for _, year := range years {
		merged[year.number] = year
	}
	return &Calendar{years: merged}
}

// Coverage reports the years this calendar has tables for. In any other year
// only weekends and the holidays of fixed solar date are off.
func (c *Calendar) Coverage() Coverage {
	var coverage Coverage
	for _, number := range slices.Sorted(maps.Keys(c.years)) {
		if c.years[number].provisional {
			coverage.Provisional = append(coverage.Provisional, number)
		} else {
			coverage.Published = append(coverage.Published, number)
		}
	}
	return coverage
}

// Deadline returns the end, 23:59:59 in Shanghai, of the n-th business day after
// the day of filing, which itself is not counted. For n below 1 that is the end
// of the day of filing. Make-up weekends are not counted as business days, which
// gives the later of the two readings.
//
// It is provisional if a day looked at lies in a year without a table or with a
// provisional one: the notice, once out, may move the deadline.
func (c *Calendar) Deadline(filed time.Time, n int) (deadline time.Time, provisional bool) {
	day := dateOf(filed)
	for counted := 0; counted < n; {
		day = day.next()
		kind, assumed := c.lookUp(day)
		provisional = provisional || assumed
		if kind == workday {
			counted++
		}
	}
	return day.end(), provisional
}

// BusinessDaysUntil counts the whole business days left: those after today, up
// to and including the deadline's day, today being now's day in Shanghai. It is
// n at the instant of a filing whose deadline is Deadline(filed, n), and 0 on the
// deadline's day and after it.
func (c *Calendar) BusinessDaysUntil(now, deadline time.Time) int {
	last := dateOf(deadline)
	left := 0
	for day := dateOf(now).next(); !day.after(last); day = day.next() {
		if kind, _ := c.lookUp(day); kind == workday {
			left++
		}
	}
	return left
}

// lookUp says what a day is, and whether that is an assumption that a notice may
// yet overturn.
func (c *Calendar) lookUp(day date) (kind dayKind, provisional bool) {
	// A notice may reach back into December, as the one for 2019 did with 29 to
	// 31 December 2018. It is the later word on those days, so it goes first.
	following := c.years[day.year+1]
	if kind, ok := following.days[day]; ok {
		return kind, following.provisional
	}
	year, known := c.years[day.year]
	provisional = !known || year.provisional
	if kind, ok := year.days[day]; ok {
		return kind, provisional
	}
	switch {
	case !known && day.isFixedHoliday():
		return publicHoliday, provisional
	case day.isWeekend():
		return weekend, provisional
	default:
		return workday, provisional
	}
}
