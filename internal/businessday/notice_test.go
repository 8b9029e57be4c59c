package businessday

import (
	"testing"
	"time"
)

func TestAYearIsMissedFromWhenItsNoticeShouldBeOut(t *testing.T) {
	amended := Default().With(mustParse(t, "2027: {off: [2027-01-01]}")...)
	for _, tc := range []struct {
		name     string
		calendar *Calendar
		at       time.Time
		want     int
		next     time.Time
	}{
		{"in the autumn, before it is due", Default(), shanghai(2026, 12, 8, 23), 0, shanghai(2026, 12, 9, 0)},
		{"the day after it is due", Default(), shanghai(2026, 12, 9, 0), 2027, shanghai(2027, 1, 1, 0)},
		{"the same instant in another zone", Default(), time.Date(2026, 12, 8, 16, 0, 0, 0, time.UTC), 2027, shanghai(2027, 1, 1, 0)},
		{"in that year itself", Default(), shanghai(2027, 3, 1, 9), 2027, shanghai(2027, 12, 9, 0)},
		{"in a year without any table", Default(), shanghai(2031, 3, 1, 9), 2031, shanghai(2031, 12, 9, 0)},
		{"with the notice in the calendar", amended, shanghai(2026, 12, 20, 9), 0, shanghai(2027, 1, 1, 0)},
		{"with this year's, the next year's is missed in its turn", amended, shanghai(2027, 12, 9, 0), 2028, shanghai(2028, 1, 1, 0)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			year, next := tc.calendar.Unpublished(tc.at)
			if year != tc.want || !next.Equal(tc.next) {
				t.Errorf("Unpublished(%v) = %d, %v; want %d, %v", tc.at, year, next, tc.want, tc.next)
			}
		})
	}
}

func shanghai(year int, month time.Month, day, hour int) time.Time {
	return time.Date(year, month, day, hour, 0, 0, 0, Shanghai)
}
