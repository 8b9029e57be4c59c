package businessday

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// drawInstant draws a time around the tables' years, in some zone or other.
func drawInstant(t *rapid.T, label string) time.Time {
	from := time.Date(2025, time.November, 1, 0, 0, 0, 0, time.UTC)
	to := time.Date(2029, time.March, 1, 0, 0, 0, 0, time.UTC)
	seconds := rapid.Int64Range(from.Unix(), to.Unix()).Draw(t, label)
	return time.Unix(seconds, 0).In(drawZone(t, label+" zone"))
}

func drawZone(t *rapid.T, label string) *time.Location {
	return time.FixedZone("", 60*rapid.IntRange(-12*60, 14*60).Draw(t, label))
}

// drawCalendar draws the default calendar, or one with some other notice for 2027.
func drawCalendar(t *rapid.T) *Calendar {
	if rapid.Bool().Draw(t, "default calendar") {
		return Default()
	}
	year := Year{number: 2027, provisional: rapid.Bool().Draw(t, "provisional"), days: map[date]dayKind{}}
	first := dateOf(time.Date(2026, time.December, 1, 0, 0, 0, 0, Shanghai))
	for range rapid.IntRange(0, 60).Draw(t, "days set apart") {
		day := dateOf(first.at(0, 0, 0).AddDate(0, 0, rapid.IntRange(0, 395).Draw(t, "day")))
		if day.isWeekend() && rapid.Bool().Draw(t, "worked") {
			year.days[day] = makeUpWorkday
		} else {
			year.days[day] = publicHoliday
		}
	}
	return Default().With(year)
}

func drawDays(t *rapid.T, least int) int { return rapid.IntRange(least, 15).Draw(t, "n") }

func TestALaterFilingIsNeverDueEarlier(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		calendar, n := drawCalendar(t), drawDays(t, 0)
		earlier, later := drawInstant(t, "filed"), drawInstant(t, "filed too")
		if later.Before(earlier) {
			earlier, later = later, earlier
		}
		first, _ := calendar.Deadline(earlier, n)
		second, _ := calendar.Deadline(later, n)
		if second.Before(first) {
			t.Fatalf("filed %v due %v, filed %v due %v", earlier, first, later, second)
		}
	})
}

func TestEachFurtherBusinessDayIsALaterDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		calendar, filed, n := drawCalendar(t), drawInstant(t, "filed"), drawDays(t, 0)
		nth, assumed := calendar.Deadline(filed, n)
		next, alsoAssumed := calendar.Deadline(filed, n+1)
		if !next.After(nth) {
			t.Fatalf("day %d ends %v, the one after %v", n, nth, next)
		}
		if assumed && !alsoAssumed {
			t.Fatalf("day %d is provisional and the one after is not", n)
		}
	})
}

func TestADeadlineIsTheEndOfAWorkdayAfterTheDayOfFiling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		calendar, filed := drawCalendar(t), drawInstant(t, "filed")
		deadline, _ := calendar.Deadline(filed, drawDays(t, 1))
		if weekday := deadline.In(Shanghai).Weekday(); weekday == time.Saturday || weekday == time.Sunday {
			t.Fatalf("%v is a %v", deadline, weekday)
		}
		if kind, _ := calendar.lookUp(dateOf(deadline)); kind != workday {
			t.Fatalf("%v is a day off", deadline)
		}
		if !dateOf(deadline).after(dateOf(filed)) {
			t.Fatalf("%v is not after the day of filing, %v", deadline, filed)
		}
		if dateOf(deadline) == dateOf(deadline.Add(time.Second)) {
			t.Fatalf("%v is not the last second of its day", deadline)
		}
	})
}

func TestADeadlineIsTheSameWhateverZoneTheFilingIsStatedIn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		calendar, filed, n := drawCalendar(t), drawInstant(t, "filed"), drawDays(t, 0)
		here, assumedHere := calendar.Deadline(filed, n)
		there, assumedThere := calendar.Deadline(filed.In(drawZone(t, "other zone")), n)
		if !here.Equal(there) || assumedHere != assumedThere {
			t.Fatalf("due %v (%v) and %v (%v)", here, assumedHere, there, assumedThere)
		}
	})
}

func TestADeadlineIsNeverEarlierThanIfMakeUpWeekendsWereWorked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		calendar, filed, n := drawCalendar(t), drawInstant(t, "filed"), drawDays(t, 1)
		deadline, _ := calendar.Deadline(filed, n)
		day := dateOf(filed)
		for counted := 0; counted < n; {
			day = day.next()
			if kind, _ := calendar.lookUp(day); kind == workday || kind == makeUpWorkday {
				counted++
			}
		}
		if day.after(dateOf(deadline)) {
			t.Fatalf("due %v, but %v if make-up weekends were worked", deadline, day)
		}
	})
}

func TestAtFilingAllBusinessDaysAreLeft(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		calendar, filed, n := drawCalendar(t), drawInstant(t, "filed"), drawDays(t, 0)
		deadline, _ := calendar.Deadline(filed, n)
		if left := calendar.BusinessDaysUntil(filed, deadline); left != n {
			t.Fatalf("%d of %d business days left", left, n)
		}
		if left := calendar.BusinessDaysUntil(deadline.Add(time.Second), deadline); left != 0 {
			t.Fatalf("%d business days left past the deadline", left)
		}
	})
}

func TestTheHotlineChangesAtTheInstantToldAndNotBefore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		calendar, at := drawCalendar(t), drawInstant(t, "at")
		open, next := calendar.HotlineOpen(at)
		if !next.After(at) {
			t.Fatalf("at %v the next change is %v", at, next)
		}
		between := at.Add(time.Duration(rapid.Int64Range(0, int64(next.Sub(at))-1).Draw(t, "wait")))
		for _, before := range []time.Time{between, next.Add(-time.Nanosecond)} {
			if still, _ := calendar.HotlineOpen(before); still != open {
				t.Fatalf("open is %v at %v but %v at %v, before %v", open, at, still, before, next)
			}
		}
		if then, _ := calendar.HotlineOpen(next); then == open {
			t.Fatalf("open is %v at %v and still at %v", open, at, next)
		}
	})
}
