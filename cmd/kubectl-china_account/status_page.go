// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chinaaccount/china-account-operator/api/v1alpha1"
	"github.com/chinaaccount/china-account-operator/internal/businessday"
	"github.com/chinaaccount/china-account-operator/internal/form"
	"github.com/chinaaccount/china-account-operator/internal/standing"
)

// statusPage is the one page of a registration.
type statusPage struct {
	standing.View
	*language
	style style
	zone  *time.Location
	out   bytes.Buffer
}

func (p *statusPage) render() []byte {
	p.head()
	p.timeline()
	p.rejection()
	p.due()
	p.next()
	p.call()
	return p.out.Bytes()
}

func (p *statusPage) printf(format string, words ...any) { fmt.Fprintf(&p.out, format, words...) }

func (p *statusPage) heading(inEnglish, inChinese string) {
	p.printf("\n%s\n", p.style.mark(bold, p.say(inEnglish, inChinese)))
}

func (p *statusPage) head() {
	p.printf("%s   %s\n", p.style.mark(bold, p.Namespace+"/"+p.Name), harmless(p.Company))
	t := &table{}
	t.add(p.say("Phase:", "状态："), p.phase(p.Phase)+p.attempt(p.Attempt))
	t.mark(1, phaseMark(p.Phase, p.Overdue))
	t.add(p.say("Waits for:", "等待："), p.waitsFor())
	t.add(p.say("Region:", "区域："), fmt.Sprintf("%s (%s)", p.Region, p.of(p.Registrar)))
	if p.Account != nil {
		t.add(p.say("Account:", "账户："), p.Account.ID)
	}
	if p.Reference != "" {
		t.add(p.say("Reference:", "申请编号："), harmless(p.Reference))
	}
	if p.SupportPlan != "" && !p.IsOver() {
		t.add(p.say("Support plan:", "支持计划："), string(p.SupportPlan))
	}
	if p.Claim != "" && !p.IsOver() {
		t.add(p.say("Claim:", "代办登记："), p.Claim)
	}
	t.print(&p.out, p.style, "")
	for _, note := range p.notes() {
		p.printf("%s\n", p.style.mark(yellow, note))
	}
}

func (p *statusPage) attempt(n int32) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(p.say(", attempt %d", "，第%d次申请"), n)
}

func (p *statusPage) waitsFor() string {
	switch {
	case p.IsOver():
		return p.say("nobody: it is over", "无（已结束）")
	case p.Awaiting == v1alpha1.PartyNone || p.Awaiting == "":
		return p.say("nobody: the operator is at work", "无（系统正在处理）")
	default:
		return p.party(p.Awaiting)
	}
}

func (p *statusPage) notes() []string {
	var notes []string
	if p.Deleting {
		notes = append(notes, p.say("It is being deleted.", "正在删除。"))
	}
	if p.Suspended {
		notes = append(notes, fmt.Sprintf(p.say("Suspended: nothing is filed, answered or withdrawn before 'kubectl china-account resume %s'.",
			"已暂停：在执行 kubectl china-account resume %s 之前不会提交、应答或撤回。"), p.Name))
	}
	if p.Overdue {
		notes = append(notes, p.say("The registrar's decision is overdue.", "注册机构的结果已逾期。"))
	}
	if !p.Seen {
		notes = append(notes, p.say("The operator has not looked at the newest change yet: what follows may be old.", "系统尚未处理最新的修改，以下内容可能不是最新的。"))
	}
	return notes
}

func (p *statusPage) timeline() {
	p.heading("Timeline", "进度")
	if len(p.Timeline) == 0 {
		p.printf("  %s\n", p.say("Nothing has happened yet.", "尚无进展。"))
		return
	}
	t := &table{}
	for _, step := range p.Timeline {
		took := p.took(step.Seconds)
		switch {
		case step.Lasts:
			took += p.say(" so far", "（至今）")
		case step.Seconds == 0 && step.Phase == p.Phase:
			took = ""
		}
		attempt := ""
		if step.Attempt > 0 {
			attempt = fmt.Sprintf(p.say("attempt %d", "第%d次"), step.Attempt)
		}
		t.add(step.Time.In(p.zone).Format(minutes), p.phase(step.Phase), attempt, took)
		t.mark(1, phaseMark(step.Phase, false))
	}
	t.print(&p.out, p.style, "  ")
}

func phaseMark(phase v1alpha1.RegistrationPhase, overdue bool) string {
	switch {
	case phase == v1alpha1.PhaseActive:
		return green
	case phase == v1alpha1.PhaseRejected || overdue:
		return red
	default:
		return bold
	}
}

func (p *statusPage) due() {
	// What the registrar found is shown with what stands there now.
	dues := slices.DeleteFunc(slices.Clone(p.Due), func(d standing.Due) bool {
		return p.isRejected() && slices.ContainsFunc(p.Rejection.Findings, func(f standing.Finding) bool { return f.Code == d.Code && f.Path == d.Path })
	})
	if len(dues) == 0 {
		return
	}
	p.heading("Due now", "待办事项")
	for _, due := range dues {
		p.printf("  %s %s\n", p.style.mark(dueMark(due), due.Code), p.fromWhom(due))
		if due.Path != "" {
			p.printf("    %s\n", p.where(due.Path, due.Field))
		}
		for _, text := range p.sentences(due.Code, due.Message) {
			p.printf("    %s\n", text)
		}
		if due.DueTime != nil {
			p.printf("    %s\n", p.until(due))
		}
	}
}

func (p *statusPage) fromWhom(due standing.Due) string {
	from := due.Awaiting
	if due.Severity == v1alpha1.SeverityWarning {
		return p.say("(warning, blocks nothing)", "（提醒，不影响办理）")
	}
	if from == v1alpha1.PartyNone {
		return p.say("(nobody's turn, or an administrator's)", "（无需申请人处理，或由管理员处理）")
	}
	return fmt.Sprintf(p.say("from %s", "由%s处理"), p.party(from))
}

func dueMark(due standing.Due) string {
	switch {
	case due.Severity == v1alpha1.SeverityWarning:
		return yellow
	case due.Awaiting == v1alpha1.PartyRegistrar && !due.Late:
		return bold
	default:
		return red
	}
}

// sentences are the message; in Chinese what its code asks for goes before it, because
// the message has the details.
func (p *statusPage) sentences(code, message string) []string {
	var all []string
	if *p.language == chinese {
		if text, known := standing.InChinese(code); known {
			all = append(all, text)
		}
	}
	if message != "" {
		all = append(all, harmless(message))
	}
	return all
}

func (p *statusPage) until(due standing.Due) string {
	text := p.say("due ", "期限：") + p.language.due(due.DueTime.Time, p.zone, businessday.Shanghai)
	switch {
	case due.Late:
		return p.style.mark(red, text+p.say(", which is over", "，已过期"))
	case due.BusinessDaysLeft == nil:
		return text
	case *due.BusinessDaysLeft == 0:
		return text + p.say(", today", "，今天到期")
	case *due.BusinessDaysLeft == 1:
		return text + p.say(", 1 business day left", "，剩余1个工作日")
	default:
		return text + fmt.Sprintf(p.say(", %d business days left", "，剩余%d个工作日"), *due.BusinessDaysLeft)
	}
}

func (p *statusPage) isRejected() bool {
	return p.Rejection != nil && p.Phase == v1alpha1.PhaseRejected
}

func (p *statusPage) rejection() {
	if !p.isRejected() {
		return
	}
	if p.Rejection.Final {
		p.heading("The registrar rejected it finally", "注册机构已最终驳回")
	} else {
		p.heading("What the registrar found", "注册机构的意见")
	}
	for _, finding := range p.Rejection.Findings {
		p.printf("  %s\n", p.style.mark(red, finding.Code))
		for _, text := range p.sentences(finding.Code, finding.Message) {
			p.printf("    %s\n", text)
		}
		if finding.Path == "" {
			continue
		}
		now := finding.Current
		if now == "" {
			now = p.say("(nothing)", "（空）")
		}
		p.printf("    %s\n    %s%s\n", p.where(finding.Path, finding.Field), p.say("now: ", "当前值："), harmless(now))
	}
	if p.Rejection.Omitted > 0 {
		p.printf(p.say("  and %d findings more, which did not fit in\n", "  另有 %d 条意见未列出\n"), p.Rejection.Omitted)
	}
}

func (p *statusPage) next() {
	if len(p.Next) == 0 {
		return
	}
	p.heading("What comes next", "后续步骤")
	for i, advice := range p.Next {
		p.printf("  %d. %s\n     %s\n", i+1, p.of(advice.Do), p.style.mark(dim, advice.Link+"  ["+advice.Source+"]"))
	}
}

func (p *statusPage) call() {
	if p.IsOver() && p.Phase != v1alpha1.PhaseActive || p.Phase == v1alpha1.PhasePending || p.Phase == "" {
		return
	}
	p.heading("Whom to call", "联系方式")
	state := fmt.Sprintf(p.say("closed now, opens %s", "现已下班，%s 开始服务"), p.language.due(p.Call.Changes, p.zone, businessday.Shanghai))
	if p.Call.Open {
		state = fmt.Sprintf(p.say("open now, until %s in Beijing", "服务中，至北京时间 %s"), p.Call.Changes.In(businessday.Shanghai).Format(clock))
	}
	p.printf("  %s %s, %s\n  %s\n", p.of(p.Registrar), p.Call.Hotline, state, p.Call.Mail)
}

// where is a path with what it is called.
func (p *statusPage) where(path string, field *form.Words) string {
	if field == nil {
		return harmless(path)
	}
	return fmt.Sprintf("%s (%s)", harmless(path), strings.TrimSpace(p.of(*field)))
}
