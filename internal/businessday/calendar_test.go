package businessday

import (
	"slices"
	"testing"
	"time"
)

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func mustParse(t *testing.T, table string) []Year {
	t.Helper()
	years, err := Parse([]byte(table))
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	return years
}

func TestDeadline(t *testing.T) {
	for _, tc := range []struct {
		name        string
		filed       string
		n           int
		want        string
		provisional bool
	}{
		// The examples worked out from the FAQ's "within 2 business days".
		{"result of a filing on the eve of National Day is due after the holiday week", "2026-09-30T09:00:00+08:00", 2, "2026-10-09", false},
		{"the make-up Saturday before Spring Festival brings the result no earlier", "2026-02-13T10:00:00+08:00", 2, "2026-02-25", false},
		{"a filing on Friday evening in London is filed on Saturday in Shanghai", "2026-02-13T16:30:00Z", 2, "2026-02-25", false},
		{"a filing on New Year's Eve is due in a year not announced yet", "2026-12-31T09:00:00+08:00", 2, "2027-01-05", true},

		{"first contact of a filing on Monday is due on Tuesday", "2026-03-02T09:00:00+08:00", 1, "2026-03-03", false},
		{"first contact of a filing on Friday is due on Monday", "2026-03-06T23:59:59+08:00", 1, "2026-03-09", false},
		{"a filing at midnight belongs to the day that begins", "2026-03-03T00:00:00+08:00", 1, "2026-03-04", false},
		{"a filing on a make-up Sunday counts from the Monday", "2026-09-20T10:00:00+08:00", 1, "2026-09-21", false},
		{"a filing amid a holiday counts from its end", "2026-05-02T10:00:00+08:00", 1, "2026-05-06", false},
		{"a weekend next to a holiday that is not part of it is off too", "2026-10-07T10:00:00+08:00", 3, "2026-10-12", false},
		{"no business day is the end of the day of filing", "2026-03-02T09:00:00+08:00", 0, "2026-03-02", false},
		{"the last business day of the published year is not provisional", "2026-12-30T09:00:00+08:00", 1, "2026-12-31", false},
		{"a filing in the provisional year skips its statutory days", "2027-02-04T09:00:00+08:00", 2, "2027-02-10", true},
		{"a leap day in a year without a table is counted", "2028-02-28T09:00:00+08:00", 1, "2028-02-29", true},
		{"29 February is not counted where there is none", "2026-02-27T09:00:00+08:00", 1, "2026-03-02", false},
		{"a holiday of fixed date is off in a year without a table", "2028-04-28T09:00:00+08:00", 1, "2028-05-03", true},
		{"National Day's three fixed days are off in a year without a table", "2029-09-28T09:00:00+08:00", 1, "2029-10-04", true},
		{"a year before all tables is provisional", "2025-12-29T09:00:00+08:00", 1, "2025-12-30", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			deadline, provisional := Default().Deadline(instant(t, tc.filed), tc.n)
			if want := instant(t, tc.want+"T23:59:59+08:00"); !deadline.Equal(want) {
				t.Errorf("deadline is %v, want %v", deadline, want)
			}
			if provisional != tc.provisional {
				t.Errorf("provisional is %v, want %v", provisional, tc.provisional)
			}
		})
	}
}

// The mainland had daylight saving time from 1986 to 1991. A calendar that asked
// a time zone database would put this filing on 2 July.
func TestDeadlineKnowsNoDaylightSavingTime(t *testing.T) {
	deadline, _ := Default().Deadline(instant(t, "1990-07-02T23:30:00+08:00"), 1)
	if want := instant(t, "1990-07-03T23:59:59+08:00"); !deadline.Equal(want) {
		t.Errorf("deadline is %v, want %v", deadline, want)
	}
}

func TestBusinessDaysUntil(t *testing.T) {
	const deadline = "2026-10-09T23:59:59+08:00"
	for _, tc := range []struct {
		name string
		now  string
		want int
	}{
		{"both days are left at filing", "2026-09-30T09:00:00+08:00", 2},
		{"both days are left through the holiday", "2026-10-05T12:00:00+08:00", 2},
		{"one is left on the first of them", "2026-10-08T00:00:00+08:00", 1},
		{"none is left whole on the deadline's day", "2026-10-09T09:00:00+08:00", 0},
		{"none is left at the deadline", deadline, 0},
		{"none is left after it", "2026-11-02T09:00:00+08:00", 0},
		{"the day is the one in Shanghai", "2026-10-07T16:00:00Z", 1},
		{"a make-up Sunday is not counted", "2026-09-18T09:00:00+08:00", 9},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := Default().BusinessDaysUntil(instant(t, tc.now), instant(t, deadline)); got != tc.want {
				t.Errorf("%d business days left, want %d", got, tc.want)
			}
		})
	}
}

func TestWithReplacesAYearWholeAndLeavesTheReceiver(t *testing.T) {
	filed := instant(t, "2026-12-31T09:00:00+08:00")
	announced := Default().With(mustParse(t, `2027: {off: [2027-01-01..2027-01-04], work: [2027-01-09]}`)...)

	deadline, provisional := announced.Deadline(filed, 2)
	if want := instant(t, "2027-01-06T23:59:59+08:00"); !deadline.Equal(want) || provisional {
		t.Errorf("with the notice: %v, provisional %v; want %v, published", deadline, provisional, want)
	}
	deadline, _ = announced.Deadline(instant(t, "2027-02-04T09:00:00+08:00"), 1)
	if want := instant(t, "2027-02-05T23:59:59+08:00"); !deadline.Equal(want) {
		t.Errorf("a day of the table replaced is still off: %v, want %v", deadline, want)
	}
	deadline, provisional = Default().Deadline(filed, 2)
	if want := instant(t, "2027-01-05T23:59:59+08:00"); !deadline.Equal(want) || !provisional {
		t.Errorf("default calendar: %v, provisional %v; want %v, provisional", deadline, provisional, want)
	}
}

func TestANoticeMayReachBackIntoDecember(t *testing.T) {
	filed := instant(t, "2026-12-29T09:00:00+08:00")
	for _, tc := range []struct {
		name, table string
		provisional bool
	}{
		{"a published one moves the deadline", `2027: {off: [2026-12-30, 2027-01-01]}`, false},
		{"a provisional one makes it provisional too", `2027: {off: [2026-12-30, 2027-01-01], provisional: true}`, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			deadline, provisional := Default().With(mustParse(t, tc.table)...).Deadline(filed, 1)
			if want := instant(t, "2026-12-31T23:59:59+08:00"); !deadline.Equal(want) || provisional != tc.provisional {
				t.Errorf("got %v, provisional %v; want %v, %v", deadline, provisional, want, tc.provisional)
			}
		})
	}
}

func TestCoverage(t *testing.T) {
	calendar := Default().With(mustParse(t, "2029: {off: [2029-01-01], provisional: true}\n2025: {off: [2025-01-01]}")...)
	got := calendar.Coverage()
	if want := []int{2025, 2026}; !slices.Equal(got.Published, want) {
		t.Errorf("published years %v, want %v", got.Published, want)
	}
	if want := []int{2027, 2029}; !slices.Equal(got.Provisional, want) {
		t.Errorf("provisional years %v, want %v", got.Provisional, want)
	}
}

func TestTheNoticeFor2026IsHeldWhole(t *testing.T) {
	var off, work int
	for _, kind := range Default().years[2026].days {
		switch kind {
		case publicHoliday:
			off++
		case makeUpWorkday:
			work++
		}
	}
	// 3 + 9 + 3 + 5 + 3 + 3 + 7 days off; six weekends worked.
	if off != 33 || work != 6 {
		t.Errorf("%d days off and %d worked, want 33 and 6", off, work)
	}
}
