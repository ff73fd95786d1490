package thulium

import (
	"fmt"
	"slices"
	"time"
)

// campaign is one of a quarter's.
type campaign struct {
	number   int
	id, name string // the id is the number with zeros in front
	// start is the first day of its quarter.
	start time.Time
	// records is how many it has.
	records int
	seed    random
}

var campaignNames = []string{"Odnowienia umów", "Badanie satysfakcji", "Oferta dla stałych klientów"}

// firstQuarter is that of the first campaigns.
var firstQuarter = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// campaigns returns those that have begun by a moment.
func (d *data) campaigns(by time.Time) (out []campaign) {
	for quarter := 0; ; quarter++ {
		start := firstQuarter.AddDate(0, 3*quarter, 0)
		if start.After(by) {
			return out
		}
		for i, name := range campaignNames {
			number := len(out) + 1
			c := campaign{
				number: number, id: fmt.Sprintf("%05d", number), start: start,
				name: fmt.Sprintf("%s %d/%d", name, start.Year(), quarter%4+1),
				seed: random(d.seed ^ uint64(number)*0xa0761d6478bd642f),
			}
			c.records = 260 + 90*i + c.seed.below(120)
			out = append(out, c)
		}
	}
}

// The results of a record, with their numbers, and how far each leaves it.
var results = []struct{ id, status, progress, note string }{
	{"1", "Umówiony", "CLOSED", "Klient prosi o kontakt w sprawie umowy."},
	{"2", "Odmowa", "CLOSED", ""},
	{"3", "Brak kontaktu", "IN_PROGRESS", "Nie odbiera."},
	{"4", "Rezygnacja", "CLOSED", "Nie chce więcej telefonów."},
}

// outboundRow is a row of outbounds/{}/records.
type outboundRow struct {
	RecordID     int    `json:"record_id"`
	PhoneNumber  string `json:"phone_number"`
	SystemStatus string `json:"system_status"`
	Status       orNull `json:"status"`
	StatusID     orNull `json:"status_id"`
	CallDate     orNull `json:"call_date"`
	CreateDate   string `json:"create_date"`
	NextCallDate orNull `json:"next_call_date"`
	AgentName    orNull `json:"agent_name"`
	AgentLogin   orNull `json:"agent_login"`
	LastNote     string `json:"last_note"`
	Identifier   string `json:"identifier"`
	Order        int    `json:"order"`

	created, called time.Time
}

// recordsOf returns what a campaign's records are like at a moment: they are called one after another, over the
// working days of the quarter.
func (d *data) recordsOf(c campaign, by time.Time) []outboundRow {
	var days []time.Time
	for day := c.start; day.Before(c.start.AddDate(0, 3, 0)); day = day.AddDate(0, 0, 1) {
		if w := day.Weekday(); w != time.Saturday && w != time.Sunday {
			days = append(days, day)
		}
	}
	r := c.seed
	var out []outboundRow
	for i := range c.records {
		agent, result, second := r.below(len(d.agents)), results[r.below(len(results))], r.below(8*3600)
		a := d.agents[agent]
		row := outboundRow{
			created: c.start.Add(time.Duration(8*3600+i) * time.Second), RecordID: c.number*1000 + i + 1,
			PhoneNumber: customer(r.below(customerCount)).phone(), SystemStatus: "NEW", Identifier: fmt.Sprintf("KL-%s-%04d", c.id, i+1), Order: i + 1,
		}
		row.CreateDate = stamp(row.created)
		if row.created.After(by) {
			continue
		}
		called := days[i*len(days)/c.records].Add(time.Duration(a.start*3600+second) * time.Second)
		if called.After(row.created) && !called.After(by) {
			row.called, row.CallDate = called, orNull(stamp(called))
			row.SystemStatus, row.Status, row.StatusID, row.LastNote = result.progress, orNull(result.status), orNull(result.id), result.note
			row.AgentName, row.AgentLogin = orNull(a.name), orNull(a.login)
			if result.progress != "CLOSED" {
				row.NextCallDate = orNull(stamp(called.AddDate(0, 0, 3)))
			}
		}
		out = append(out, row)
	}
	return out
}

// campaigns answers with the campaigns.
func (d *demo) campaigns(_ string, r *reader) func() any {
	p := r.page()
	return func() any {
		out := []named{}
		for _, c := range of(p, d.data.campaigns(d.until())) {
			out = append(out, named{c.id, c.name})
		}
		return out
	}
}

// campaignStats answers with how far each campaign is.
func (d *demo) campaignStats(_ string, r *reader) func() any {
	type row struct {
		ID         string  `json:"id"`
		Records    int     `json:"records_count"`
		Completion float64 `json:"completion_percent"`
	}
	p := r.page()
	return func() any {
		out := []row{}
		for _, c := range of(p, d.data.campaigns(d.until())) {
			records, closed := d.data.recordsOf(c, d.until()), 0
			for _, r := range records {
				if r.SystemStatus == "CLOSED" {
					closed++
				}
			}
			out = append(out, row{c.id, len(records), percent(closed, len(records))})
		}
		return out
	}
}

// campaignRecords answers with the records of one campaign.
func (d *demo) campaignRecords(id string, r *reader) func() any {
	p := r.page()
	statuses, progress := r.list("status_id"), r.list("system_status")
	createdFrom, createdTo := r.span("create_date_from", "create_date_to", false)
	calledFrom, calledTo := r.span("call_date_from", "call_date_to", false)
	anyCall := r.values.Get("call_date_from") == "" && r.values.Get("call_date_to") == ""
	all := d.data.campaigns(d.until())
	i := slices.IndexFunc(all, func(c campaign) bool { return c.id == id })
	if i < 0 {
		return nil
	}
	return func() any {
		rows := slices.DeleteFunc(d.data.recordsOf(all[i], d.until()), func(row outboundRow) bool {
			return statuses != nil && !slices.Contains(statuses, string(row.StatusID)) || progress != nil && !slices.Contains(progress, row.SystemStatus) ||
				row.created.Before(createdFrom) || row.created.After(createdTo) ||
				!anyCall && (row.called.IsZero() || row.called.Before(calledFrom) || row.called.After(calledTo))
		})
		return counted[outboundRow]{len(rows), append([]outboundRow{}, of(p, rows)...)}
	}
}
