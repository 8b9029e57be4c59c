package businessday

import "time"

// The State Council publishes next year's holidays between 25 October and 8 December.
const (
	noticeMonth = time.December
	noticeDay   = 8
)

// Unpublished returns the first year of which the notice should be out at t, and that
// has no published table; 0 if there is none. next is when that is to be asked again.
func (c *Calendar) Unpublished(t time.Time) (year int, next time.Time) {
	today := dateOf(t)
	due := []int{today.year}
	out := date{today.year, noticeMonth, noticeDay}
	if next = out.next().at(0, 0, 0); today.after(out) {
		due = append(due, today.year+1)
		next = date{today.year + 1, time.January, 1}.at(0, 0, 0)
	}
	for _, year := range due {
		if table, known := c.years[year]; !known || table.provisional {
			return year, next
		}
	}
	return 0, next
}
