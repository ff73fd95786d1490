package thulium

import (
	"fmt"
	"strconv"
	"strings"
)

// customerCount is how many customers the demo has.
const customerCount = 900

// customer is the number of somebody who calls, writes and chats; nobody is nobody who is known.
type customer int

var (
	givenNames  = []string{"Adam", "Barbara", "Celina", "Dariusz", "Elżbieta", "Filip", "Grażyna", "Henryk", "Iwona", "Jacek", "Kinga", "Leszek", "Łucja", "Marek", "Natalia", "Oskar", "Paulina", "Róża", "Sławomir", "Tamara", "Urszula", "Wiesław", "Żaneta"}
	familyNames = []string{"Adamczyk", "Bąk", "Cieślak", "Dudek", "Figiel", "Głowacz", "Hajduk", "Iwańczuk", "Jabłoń", "Krawiec", "Lis", "Łoś", "Mróz", "Niemczyk", "Olszanka", "Pająk", "Rybak", "Sowa", "Śliwa", "Turek", "Urban", "Wróbel", "Zięba", "Żurek"}
	regions     = []string{"Mazowsze", "Małopolska", "Śląsk", "Wielkopolska", "Pomorze"}
)

func (c customer) name() string {
	if c == nobody {
		return ""
	}
	return givenNames[int(c)%len(givenNames)] + " " + familyNames[int(c)%len(familyNames)]
}

func (c customer) email() string {
	if c == nobody {
		return ""
	}
	return fmt.Sprintf("%s.%d@example.com", strings.ReplaceAll(ascii.Replace(strings.ToLower(c.name())), " ", "."), c.number())
}

// number is what the API names a customer by; 0 for nobody.
func (c customer) number() int {
	if c == nobody {
		return 0
	}
	return 1001 + int(c)
}

// id is number as a row has it.
func (c customer) id() orNull { return numbered(c.number()) }

// company is the number of the customer's company.
func (c customer) company() int { return int(c)%40 + 1 }

func (c customer) region() string { return regions[int(c)%len(regions)] }

// phone is a number that no one has: Polish numbers do not begin so.
func (c customer) phone() string { return fmt.Sprintf("48400%06d", 104729*(int(c)+1)%1_000_000) }

// numbered writes an id, none for 0.
func numbered(id int) orNull {
	if id == 0 {
		return ""
	}
	return orNull(strconv.Itoa(id))
}
