package thulium

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"
)

// figures are those of one row of the chat report.
type figures struct {
	bucket, agent int

	incoming, toAgent, withEmpty, abandoned, answered int
	toBot, passedByBot, finishedByBot                 int
	inTime, withinSLA                                 int
	talk, wait                                        spread
	ratings                                           [4]int
}

// slaSeconds is within how long the first response keeps the demo's service level agreement.
const slaSeconds = 60

// spread is of lengths of time in seconds.
type spread struct{ count, least, most, sum int }

func (s *spread) add(seconds int) {
	if s.count == 0 || seconds < s.least {
		s.least = seconds
	}
	s.most = max(s.most, seconds)
	s.sum += seconds
	s.count++
}

// add counts one chat.
func (f *figures) add(c chat, threshold int) {
	f.withEmpty++
	if c.empty {
		return
	}
	f.incoming++
	if c.toBot {
		f.toBot++
	}
	if c.byBot {
		f.finishedByBot++
		return
	}
	if c.toBot {
		f.passedByBot++
	}
	f.toAgent++
	f.wait.add(c.wait)
	if !c.answered {
		f.abandoned++
		return
	}
	f.answered++
	f.talk.add(c.talk)
	f.ratings[c.rating]++
	if c.wait <= threshold {
		f.inTime++
	}
	if c.wait <= slaSeconds {
		f.withinSLA++
	}
}

// bucketOf returns a number for the time bucket that a moment is in, in the order of time.
func bucketOf(t time.Time, grain string) int {
	switch grain {
	case "hour_of_day":
		return t.Hour()
	case "minute":
		return int(t.Unix() / 60)
	case "hour":
		return int(t.Unix() / 3600)
	case "day":
		return int(t.Unix() / 86400)
	case "week":
		year, week := t.ISOWeek()
		return year*100 + week
	case "year":
		return t.Year()
	default:
		return t.Year()*100 + int(t.Month())
	}
}

// bucketText is a bucket as a row says it.
func bucketText(bucket int, grain string) string {
	switch grain {
	case "hour_of_day":
		return fmt.Sprintf("%02d:00", bucket)
	case "minute":
		return time.Unix(int64(bucket)*60, 0).UTC().Format("2006-01-02 15:04")
	case "hour":
		return time.Unix(int64(bucket)*3600, 0).UTC().Format("2006-01-02 15:04")
	case "day":
		return time.Unix(int64(bucket)*86400, 0).UTC().Format("2006-01-02")
	case "year":
		return strconv.Itoa(bucket)
	default:
		return fmt.Sprintf("%04d-%02d", bucket/100, bucket%100)
	}
}

// appendRow writes a row as the API does.
func (d *data) appendRow(b []byte, f *figures, q query) []byte {
	name := []byte("null")
	if f.agent != everybody {
		name, _ = json.Marshal(d.agents[f.agent].name)
	}
	b = append(b, `{"series":"`...)
	b = append(b, bucketText(f.bucket, q.grain)...)
	b = append(b, `","user_name":`...)
	b = append(b, name...)
	for _, c := range []struct {
		key   string
		value int
	}{
		{"incoming", f.incoming}, {"incoming_to_agent", f.toAgent}, {"incoming_including_empty", f.withEmpty},
		{"abandoned", f.abandoned}, {"answered", f.answered}, {"incoming_to_bot", f.toBot},
		{"transferred_by_bot", f.passedByBot}, {"finished_by_bot", f.finishedByBot},
	} {
		b = append(b, `,"`...)
		b = append(b, c.key...)
		b = append(b, `":`...)
		b = strconv.AppendInt(b, int64(c.value), 10)
	}
	b = append(b, `,"service_level_percent":`...)
	b = appendPercent(b, f.inTime, f.toAgent)
	b = append(b, `,"chat_time":`...)
	b = f.talk.append(b)
	b = append(b, `,"wait_time":`...)
	b = f.wait.append(b)
	b = append(b, `,"sla_percent":`...)
	b = appendPercent(b, f.withinSLA, f.toAgent)
	b = fmt.Appendf(b, `,"rating":{"rate":{"sad":%d,"neutral":%d,"happy":%d},"satisfaction_percent":`, f.ratings[sad], f.ratings[neutral], f.ratings[happy])
	rated := f.answered - f.ratings[unrated]
	b = appendPercent(b, f.ratings[happy], rated)
	b = append(b, `,"rated_percent":`...)
	b = appendPercent(b, rated, f.answered)
	return append(b, "}}"...)
}

// append writes least, greatest, sum and average; the average is rounded to seconds.
func (s spread) append(b []byte) []byte {
	average := 0
	if s.count > 0 {
		average = (s.sum + s.count/2) / s.count
	}
	b = append(b, `{"min":`...)
	b = appendDuration(b, s.least)
	b = append(b, `,"max":`...)
	b = appendDuration(b, s.most)
	b = append(b, `,"sum":`...)
	b = appendDuration(b, s.sum)
	b = append(b, `,"avg":`...)
	b = appendDuration(b, average)
	return append(b, '}')
}

// appendDuration writes "HH:MM:SS", with as many digits of hours as it takes.
func appendDuration(b []byte, seconds int) []byte {
	two := func(n int) {
		if n < 10 {
			b = append(b, '0')
		}
		b = strconv.AppendInt(b, int64(n), 10)
	}
	b = append(b, '"')
	two(seconds / 3600)
	b = append(b, ':')
	two(seconds / 60 % 60)
	b = append(b, ':')
	two(seconds % 60)
	return append(b, '"')
}

// appendPercent writes points with up to two decimals; of nothing it is 0, as in the API's sample.
func appendPercent(b []byte, part, whole int) []byte {
	return strconv.AppendFloat(b, percent(part, whole), 'f', -1, 64)
}

func percent(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return math.Round(float64(part)*10_000/float64(whole)) / 100
}
