// Copyright The china-account-operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package region says who operates each AWS China Region, and how they are reached.
package region

import "github.com/chinaaccount/china-account-operator/api/v1alpha1"

// SupportMail reaches the registrars of both Regions (FAQ Q1).
const SupportMail = "support@amazonaws.com.cn"

// Partition of the China Regions: their ARNs begin with arn:aws-cn.
const Partition = "aws-cn"

// ConsoleURL is the console of both Regions.
const ConsoleURL = "https://console.amazonaws.cn/"

// SignInURL is where an account's IAM users sign in.
func SignInURL(accountID string) string {
	return "https://" + accountID + ".signin.amazonaws.cn/console/"
}

// Operator of a Region: the registrar that decides (FAQ Q1). Its hotline's hours are
// the calendar's to say.
type Operator struct {
	Name, Chinese, Hotline string
}

// InWords is its name with its hotline.
func (o Operator) InWords() string { return o.Name + " (hotline " + o.Hotline + ")" }

var operators = map[v1alpha1.Region]Operator{
	v1alpha1.RegionBeijing: {"Sinnet", "光环新网", "1010 0766"},
	v1alpha1.RegionNingxia: {"NWCD", "西云数据", "1010 0966"},
}

// OperatorOf returns who operates the Region.
func OperatorOf(region v1alpha1.Region) Operator { return operators[region] }
