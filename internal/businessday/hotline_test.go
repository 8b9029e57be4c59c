package businessday

import "testing"

func TestHotlineOpen(t *testing.T) {
	for _, tc := range []struct {
		name string
		at   string
		open bool
		next string
	}{
		{"opens at 9", "2026-03-02T08:59:59+08:00", false, "2026-03-02T09:00:00+08:00"},
		{"is open from 9 sharp", "2026-03-02T09:00:00+08:00", true, "2026-03-02T20:00:00+08:00"},
		{"is open until 20", "2026-03-02T19:59:59+08:00", true, "2026-03-02T20:00:00+08:00"},
		{"is closed from 20 sharp", "2026-03-02T20:00:00+08:00", false, "2026-03-03T09:00:00+08:00"},
		{"is open on an ordinary Saturday", "2026-03-07T12:00:00+08:00", true, "2026-03-07T20:00:00+08:00"},
		{"is open on a make-up Sunday", "2026-09-20T12:00:00+08:00", true, "2026-09-20T20:00:00+08:00"},
		{"is closed on a public holiday", "2026-10-01T12:00:00+08:00", false, "2026-10-08T09:00:00+08:00"},
		{"is closed on a weekend within a holiday", "2026-02-21T08:00:00+08:00", false, "2026-02-24T09:00:00+08:00"},
		{"stays closed from the eve through the holiday", "2026-09-30T21:00:00+08:00", false, "2026-10-08T09:00:00+08:00"},
		{"goes by the clock of Shanghai", "2026-03-02T01:00:00Z", true, "2026-03-02T12:00:00Z"},
		{"is closed on New Year's Day without a table", "2029-01-01T12:00:00+08:00", false, "2029-01-02T09:00:00+08:00"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			open, next := Default().HotlineOpen(instant(t, tc.at))
			if open != tc.open {
				t.Errorf("open is %v, want %v", open, tc.open)
			}
			if want := instant(t, tc.next); !next.Equal(want) {
				t.Errorf("changes at %v, want %v", next, want)
			}
		})
	}
}
