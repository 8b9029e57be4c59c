// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/form"
)

// language of what is shown to people: English if it is not set.
type language string

const (
	english language = "en"
	chinese language = "zh"
)

var errNoLanguage = errors.New("must be en or zh")

func (l *language) String() string { return string(*l) }

func (*language) Type() string { return "string" }

func (l *language) Set(text string) error {
	if text != string(english) && text != string(chinese) {
		return errNoLanguage
	}
	*l = language(text)
	return nil
}

func (l *language) addTo(command *cobra.Command) {
	*l = english
	command.Flags().Var(l, "lang", "Language: en or zh.")
	_ = command.RegisterFlagCompletionFunc("lang", choices(string(english), string(chinese)))
}

// of chooses the words.
func (l *language) of(words form.Words) string {
	if *l == chinese {
		return words.Chinese
	}
	return words.English
}

// say chooses a sentence.
func (l *language) say(inEnglish, inChinese string) string {
	return l.of(form.Words{English: inEnglish, Chinese: inChinese})
}

func (l *language) phase(phase v1alpha1.RegistrationPhase) string {
	if words, known := phaseWords[phase]; known {
		return l.of(words)
	}
	return l.say("not seen yet", "尚未处理")
}

var phaseWords = map[v1alpha1.RegistrationPhase]form.Words{
	v1alpha1.PhasePending:     {English: "Pending", Chinese: "待提交"},
	v1alpha1.PhaseSubmitted:   {English: "Submitted", Chinese: "已提交"},
	v1alpha1.PhaseUnderReview: {English: "UnderReview", Chinese: "审核中"},
	v1alpha1.PhaseRejected:    {English: "Rejected", Chinese: "已驳回"},
	v1alpha1.PhaseVerified:    {English: "Verified", Chinese: "已核实"},
	v1alpha1.PhaseActive:      {English: "Active", Chinese: "已激活"},
}

func (l *language) party(party v1alpha1.Party) string {
	if words, known := partyWords[party]; known {
		return l.of(words)
	}
	return l.say("nobody", "无")
}

var partyWords = map[v1alpha1.Party]form.Words{
	v1alpha1.PartyApplicant: {English: "the applicant", Chinese: "申请人"},
	v1alpha1.PartyAgent:     {English: "the agent", Chinese: "代办人"},
	v1alpha1.PartyRegistrar: {English: "the registrar", Chinese: "注册机构"},
	v1alpha1.PartyNone:      {English: "nobody", Chinese: "无"},
}

// took is a duration in two units at most.
func (l *language) took(seconds int64) string {
	units := []struct {
		seconds int64
		form.Words
	}{
		{86400, form.Words{English: "d", Chinese: "天"}}, {3600, form.Words{English: "h", Chinese: "小时"}},
		{60, form.Words{English: "m", Chinese: "分"}}, {1, form.Words{English: "s", Chinese: "秒"}},
	}
	for i, unit := range units {
		if seconds < unit.seconds {
			continue
		}
		text := fmt.Sprintf("%d%s", seconds/unit.seconds, l.of(unit.Words))
		if rest := seconds % unit.seconds; i+1 < len(units) && rest >= units[i+1].seconds {
			text += l.say(" ", "") + fmt.Sprintf("%d%s", rest/units[i+1].seconds, l.of(units[i+1].Words))
		}
		return text
	}
	return l.say("0s", "0秒")
}

const (
	minutes = "2006-01-02 15:04"
	clock   = "15:04"
)

// due is a time as the user and as the registrar reads it.
func (l *language) due(t time.Time, zone, beijing *time.Location) string {
	theirs := t.In(beijing).Format(minutes) + l.say(" in Beijing", "（北京时间）")
	_, here := t.In(zone).Zone()
	if _, there := t.In(beijing).Zone(); here == there {
		return theirs
	}
	return theirs + l.say(" = ", "，即 ") + t.In(zone).Format(minutes+" MST")
}
