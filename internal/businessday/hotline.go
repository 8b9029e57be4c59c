package businessday

import "time"

// The hotlines of both registrars answer from 9:00 to 20:00 GMT+8, not on public
// holidays (FAQ, question 1).
const (
	hotlineOpens  = 9
	hotlineCloses = 20
)

// HotlineOpen reports whether the registrars' hotlines answer at t, and the next
// instant, in Shanghai time, at which that changes. Ordinary weekends are open:
// the registrars except public holidays only.
func (c *Calendar) HotlineOpen(t time.Time) (open bool, next time.Time) {
	today := dateOf(t)
	opens, closes := today.at(hotlineOpens, 0, 0), today.at(hotlineCloses, 0, 0)
	switch {
	case c.isPublicHoliday(today) || !t.Before(closes):
		return false, c.nextOpening(today)
	case t.Before(opens):
		return false, opens
	default:
		return true, closes
	}
}

// nextOpening is the first opening on a day after the given one.
func (c *Calendar) nextOpening(day date) time.Time {
	for day = day.next(); c.isPublicHoliday(day); {
		day = day.next()
	}
	return day.at(hotlineOpens, 0, 0)
}

func (c *Calendar) isPublicHoliday(day date) bool {
	kind, _ := c.lookUp(day)
	return kind == publicHoliday
}
