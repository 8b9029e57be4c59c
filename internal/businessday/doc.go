// Package businessday counts the registrars' business days and tells when their
// hotlines answer.
//
// The registrars promise a first contact within 1 business day of filing and a
// result within 2 (FAQ, questions 2 and 9). Which days those are follows from
// the notice in which the State Council sets each year's public holidays and
// the weekends worked to make up for them. It appears between 25 October and
// 8 December of the year before and has been amended in the year's course, so a
// compiled-in table is only the start: see [Parse] and [Calendar.With].
//
// Where a date may be read in two ways, the later one is taken: nobody should be
// told that a registrar is overdue while it may still be in time.
//
// The package does no I/O and reads no clock. It does not know lunar festivals:
// a year is known by its table or not at all.
package businessday
