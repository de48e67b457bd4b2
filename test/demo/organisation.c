/*
 * organisation.c - Aurora Home Energy: departments, jobs, people, their moves.
 *
 * The company sells, builds and services heat pumps and solar roofs. The
 * engagement and trend of each department are what the scores should show.
 */
#include "generate.h"

#include <stdlib.h>
#include <string.h>

enum { HAMBURG, PORTO, GDANSK, OSLO, MUNICH, LEIPZIG, COLOGNE, MADRID };
const char *const site_names[] = {
	"Hamburg", "Porto", "Gdańsk", "Oslo", "München", "Leipzig", "Köln", "Madrid"
};

#define AGENTS "service-agent:9,retention-agent:1"
#define TECHNICIANS "field-technician:9,electrician:1"
#define INSTALLERS "heat-pump-installer:8,electrician:2"

const Department departments[] = {
	{"D01", "", "Aurora Home Energy", HAMBURG, 2, 700, 0, "executive:1"},
	{"D10", "D01", "Customer Service", HAMBURG, 3, 700, 0, "service-agent:1"},
	{"D11", "D10", "Contact Centre Hamburg", HAMBURG, 95, 640, 0, AGENTS},
	{"D12", "D10", "Contact Centre Porto", PORTO, 110, 930, 1, AGENTS},
	{"D13", "D10", "Contact Centre Gdańsk", GDANSK, 90, 560, -1, AGENTS},
	{"D14", "D10", "Complaints and Retention", HAMBURG, 45, 880, 1, "retention-agent:1"},
	{"D15", "D10", "Contract Administration", LEIPZIG, 40, 620, 0, "billing-clerk:2,service-agent:1"},
	{"D16", "D10", "Billing", LEIPZIG, 38, 540, -1, "billing-clerk:1"},
	{"D17", "D10", "Social Media Care", PORTO, 14, 850, 1, "service-agent:3,marketer:1"},
	{"D20", "D01", "Field Service", COLOGNE, 4, 700, 0, "field-technician:1"},
	{"D21", "D20", "Field Service North", HAMBURG, 120, 900, 1, TECHNICIANS},
	{"D22", "D20", "Field Service South", MUNICH, 130, 720, 0, TECHNICIANS},
	{"D23", "D20", "Field Service West", COLOGNE, 125, 650, 0, TECHNICIANS},
	{"D24", "D20", "Field Service East", LEIPZIG, 100, 390, -1, TECHNICIANS},
	{"D25", "D20", "Field Service Norway", OSLO, 60, 860, 0, TECHNICIANS},
	{"D26", "D20", "Field Service Iberia", MADRID, 70, 600, 1, TECHNICIANS},
	{"D27", "D20", "Technical Hotline", COLOGNE, 40, 780, 0, "hotline-technician:1"},
	{"D28", "D20", "Dispatch and Scheduling", COLOGNE, 35, 660, 0, "dispatcher:1"},
	{"D29", "D20", "Spare Parts Planning", LEIPZIG, 22, 580, 0, "parts-planner:1"},
	{"D30", "D01", "Installation", MUNICH, 3, 700, 0, "heat-pump-installer:1"},
	{"D31", "D30", "Heat Pump Installation North", HAMBURG, 85, 810, 1, INSTALLERS},
	{"D32", "D30", "Heat Pump Installation South", MUNICH, 95, 690, 0, INSTALLERS},
	{"D33", "D30", "Photovoltaic Installation", MUNICH, 80, 610, -1, "pv-installer:7,electrician:3"},
	{"D34", "D30", "Electrical Teams", LEIPZIG, 60, 740, 0, "electrician:1"},
	{"D35", "D30", "Installation Iberia", MADRID, 55, 550, 0, "heat-pump-installer:1,pv-installer:1"},
	{"D36", "D30", "Partner Installers", COLOGNE, 18, 480, 0, "key-account-manager:1"},
	{"D37", "D30", "Commissioning", COLOGNE, 30, 830, 0, "heat-pump-installer:1"},
	{"D40", "D01", "Production and Logistics", GDANSK, 3, 700, 0, "buyer:1"},
	{"D41", "D40", "Assembly Plant Gdańsk", GDANSK, 150, 760, 0, "assembler:9,maintenance-technician:1"},
	{"D42", "D40", "Warehouse East", LEIPZIG, 60, 420, -1, "warehouse-operator:1"},
	{"D43", "D40", "Warehouse West", COLOGNE, 55, 740, 0, "warehouse-operator:1"},
	{"D44", "D40", "Inbound Quality", GDANSK, 20, 820, 0, "test-engineer:1"},
	{"D45", "D40", "Transport", LEIPZIG, 45, 500, 0, "driver:1"},
	{"D46", "D40", "Maintenance", GDANSK, 30, 770, 0, "maintenance-technician:1"},
	{"D47", "D40", "Purchasing", HAMBURG, 20, 640, 0, "buyer:1"},
	{"D50", "D01", "Sales and Marketing", HAMBURG, 3, 700, 0, "sales-consultant:1"},
	{"D51", "D50", "Private Customers", HAMBURG, 70, 680, 1, "sales-consultant:1"},
	{"D52", "D50", "Housing Associations", LEIPZIG, 30, 720, 0, "key-account-manager:1"},
	{"D53", "D50", "Partner Sales", MUNICH, 28, 600, 0, "key-account-manager:1"},
	{"D54", "D50", "Online Shop", PORTO, 22, 750, 1, "product-manager:1,marketer:2"},
	{"D55", "D50", "Marketing", HAMBURG, 24, 630, 0, "marketer:1"},
	{"D56", "D50", "Product Management", MUNICH, 18, 690, 0, "product-manager:1"},
	{"D60", "D01", "Technology and Data", HAMBURG, 3, 750, 0, "software-engineer:1"},
	{"D61", "D60", "Software Engineering", PORTO, 60, 770, 1, "software-engineer:1"},
	{"D62", "D60", "Data and Analytics", HAMBURG, 25, 940, 1, "data-analyst:1"},
	{"D63", "D60", "IT Operations", GDANSK, 35, 680, 0, "it-administrator:1"},
	{"D64", "D60", "Information Security", HAMBURG, 12, 900, 1, "security-analyst:1"},
	{"D65", "D60", "Product Engineering", MUNICH, 45, 640, 0, "test-engineer:2,software-engineer:1"},
	{"D66", "D60", "Test Laboratory", MUNICH, 18, 800, 0, "test-engineer:1"},
	{"D70", "D01", "Finance and Legal", HAMBURG, 3, 700, 0, "controller:1"},
	{"D71", "D70", "Accounting", LEIPZIG, 40, 590, 0, "accountant:1"},
	{"D72", "D70", "Controlling", HAMBURG, 18, 700, 0, "controller:1"},
	{"D73", "D70", "Legal and Compliance", HAMBURG, 14, 910, 0, "lawyer:1"},
	{"D74", "D70", "Internal Audit", HAMBURG, 8, 780, 0, "controller:1"},
	{"D75", "D70", "Risk and Insurance", COLOGNE, 10, 560, 0, "controller:1"},
	{"D80", "D01", "People and Learning", HAMBURG, 3, 850, 0, "hr-partner:1"},
	{"D81", "D80", "HR Business Partners", HAMBURG, 18, 800, 0, "hr-partner:1"},
	{"D82", "D80", "Learning and Development", HAMBURG, 24, 930, 1, "learning-designer:1"},
	{"D83", "D80", "Recruiting", PORTO, 16, 620, 0, "hr-partner:1"},
	{"D84", "D80", "Payroll", LEIPZIG, 14, 570, 0, "accountant:1"},
	{"D85", "D80", "Health and Safety", COLOGNE, 12, 960, 1, "safety-officer:1"},
};
const int	n_departments = sizeof(departments) / sizeof(departments[0]);

/* What everybody must know stands in the model, with no role. */
#define SITE_SAFETY "hazard-recognition:90,incident-reporting:50,manual-handling:70,"
#define ON_THE_ROAD "safe-driving:70,first-aid:40,"
const Job	jobs[] = {
	{"service-agent", "Customer service agent", "customer-empathy:100,active-listening:80,complaint-resolution:90,de-escalation:70,contract-advice:80,crm-proficiency:60,clear-writing:60,consumer-law:50"},
	{"retention-agent", "Retention agent", "customer-empathy:100,complaint-resolution:100,de-escalation:90,needs-analysis:80,consultative-selling:70,contract-advice:90,consumer-law:60"},
	{"billing-clerk", "Billing clerk", "contract-advice:80,clear-writing:80,crm-proficiency:70,consumer-law:60,process-automation:30"},
	{"field-technician", "Field service technician", SITE_SAFETY ON_THE_ROAD "fault-diagnosis:100,heat-pump-commissioning:70,refrigerant-handling:100,hydraulic-balancing:60,electrical-safety:100,digital-work-orders:60,customer-empathy:50,technical-documentation:40"},
	{"hotline-technician", "Hotline technician", "fault-diagnosis:100,technical-documentation:70,active-listening:70,customer-empathy:60,de-escalation:50,digital-work-orders:40"},
	{"dispatcher", "Dispatcher", "scheduling:100,digital-work-orders:80,active-listening:50,crm-proficiency:60"},
	{"parts-planner", "Spare parts planner", "spare-parts-planning:100,data-literacy:70,scheduling:40"},
	{"heat-pump-installer", "Heat pump installer", SITE_SAFETY ON_THE_ROAD "heat-pump-commissioning:100,hydraulic-balancing:90,refrigerant-handling:90,working-at-height:60,electrical-safety:80,technical-documentation:50"},
	{"pv-installer", "Photovoltaic installer", SITE_SAFETY ON_THE_ROAD "pv-installation:100,working-at-height:100,electrical-safety:90,electrical-installation:70,technical-documentation:40"},
	{"electrician", "Electrician", SITE_SAFETY ON_THE_ROAD "electrical-installation:100,electrical-safety:100,working-at-height:60,fault-diagnosis:60"},
	{"assembler", "Assembler", SITE_SAFETY "quality-management:80,technical-documentation:40,refrigerant-handling:50"},
	{"warehouse-operator", "Warehouse operator", SITE_SAFETY "warehouse-traffic:100,first-aid:30,quality-management:30"},
	{"driver", "Driver", SITE_SAFETY "safe-driving:100,warehouse-traffic:60,first-aid:50"},
	{"maintenance-technician", "Maintenance technician", SITE_SAFETY "fault-diagnosis:70,electrical-safety:100,working-at-height:50,technical-documentation:50"},
	{"buyer", "Buyer", "anti-corruption:100,quality-management:40,data-literacy:40"},
	{"sales-consultant", "Energy consultant", "needs-analysis:100,consultative-selling:100,consumer-law:80,contract-advice:60,crm-proficiency:70,customer-empathy:60"},
	{"key-account-manager", "Key account manager", "needs-analysis:80,consultative-selling:90,anti-corruption:100,crm-proficiency:60,data-literacy:30"},
	{"marketer", "Marketing specialist", "clear-writing:80,data-literacy:70,data-visualisation:40,consumer-law:60,ai-at-work:60"},
	{"product-manager", "Product manager", "needs-analysis:80,data-literacy:80,statistical-thinking:50,ai-at-work:60"},
	{"software-engineer", "Software engineer", "secure-development:100,process-automation:80,ai-at-work:80,statistical-thinking:40"},
	{"data-analyst", "Data analyst", "data-literacy:100,statistical-thinking:100,data-visualisation:90,ai-at-work:80,process-automation:60"},
	{"it-administrator", "IT administrator", "secure-development:60,process-automation:80,technical-documentation:50"},
	{"security-analyst", "Security analyst", "secure-development:90,data-literacy:60,incident-reporting:60"},
	{"test-engineer", "Test engineer", "quality-management:100,fault-diagnosis:60,statistical-thinking:70,technical-documentation:70,electrical-safety:60"},
	{"accountant", "Accountant", "anti-corruption:80,process-automation:60,data-literacy:50"},
	{"controller", "Controller", "data-literacy:100,data-visualisation:70,statistical-thinking:60,anti-corruption:60"},
	{"lawyer", "Legal counsel", "consumer-law:100,anti-corruption:100,ai-at-work:50"},
	{"hr-partner", "HR business partner", "equal-treatment:100,coaching:60,workforce-planning:90,data-literacy:50"},
	{"learning-designer", "Learning designer", "data-literacy:60,ai-at-work:70,clear-writing:70,equal-treatment:40"},
	{"safety-officer", "Safety officer", "hazard-recognition:100,incident-reporting:100,manual-handling:70,working-at-height:80,first-aid:80,electrical-safety:70"},
	{"executive", "Member of the board", "change-leadership:100,inclusive-leadership:80,data-literacy:60,anti-corruption:100"},
	{"team-lead", "Team lead", "feedback:100,coaching:90,delegation:70,change-leadership:60,workforce-planning:40,inclusive-leadership:60"},
};
const int	n_jobs = sizeof(jobs) / sizeof(jobs[0]);

/*
 * Given and family names by culture; after a slash what stands in the e-mail
 * address where dropping the case is not enough.
 */
#define NAMES 14
typedef struct Culture
{
	const char *given[NAMES];
	const char *family[NAMES];
} Culture;

static const Culture cultures[] = {
	{{"Anna", "Jürgen/juergen", "Katrin", "Björn/bjoern", "Lena", "Matthias", "Sabine", "Uwe", "Käthe/kaethe", "Jonas", "Heike", "Sören/soeren", "Petra", "Florian"},
	{"Müller/mueller", "Schröder/schroeder", "Weiß/weiss", "Hoffmann", "Krüger/krueger", "Vogel", "Jäger/jaeger", "Brandt", "Lüders/lueders", "Petersen", "Köhler/koehler", "Winkler", "Böhm/boehm", "Seidel"}},
	{{"João/joao", "Inês/ines", "Gonçalo/goncalo", "Beatriz", "Tomás/tomas", "Mariana", "Luís/luis", "Catarina", "Rui", "Conceição/conceicao", "Diogo", "Joana", "André/andre", "Sofia"},
	{"Magalhães/magalhaes", "Araújo/araujo", "Gonçalves/goncalves", "Conceição/conceicao", "Sá/sa", "Teixeira", "Simões/simoes", "Carvalho", "Brandão/brandao", "Pinto", "Guimarães/guimaraes", "Moreira", "Falcão/falcao", "Lopes"}},
	{{"Łukasz/lukasz", "Małgorzata/malgorzata", "Paweł/pawel", "Zofia", "Michał/michal", "Agnieszka", "Wojciech", "Żaneta/zaneta", "Grzegorz", "Katarzyna", "Błażej/blazej", "Ewa", "Sławomir/slawomir", "Joanna"},
	{"Wójcik/wojcik", "Kowalczyk", "Dąbrowska/dabrowska", "Zieliński/zielinski", "Szymański/szymanski", "Woźniak/wozniak", "Kaczmarek", "Mazur", "Krawczyk", "Głowacka/glowacka", "Świątek/swiatek", "Pająk/pajak", "Łuczak/luczak", "Górski/gorski"}},
	{{"Åse/aase", "Håkon/haakon", "Ingrid", "Øyvind/oeyvind", "Solveig", "Bjørn/bjoern", "Kari", "Sindre", "Tuva", "Gaute", "Ragnhild", "Pål/paal", "Marte", "Eirik"},
	{"Hansen", "Bjørnstad/bjoernstad", "Østby/oestby", "Solberg", "Aasen", "Sørensen/soerensen", "Haugen", "Lindqvist", "Nygård/nygaard", "Strøm/stroem", "Dahl", "Berge", "Myhre", "Ødegård/oedegaard"}},
	{{"Íñigo/inigo", "Lucía/lucia", "José/jose", "Begoña/begona", "Álvaro/alvaro", "Carmen", "Sergio", "Nerea", "Ramón/ramon", "Pilar", "Hugo", "Marta", "Andrés/andres", "Rocío/rocio"},
	{"Muñoz/munoz", "Ibáñez/ibanez", "García/garcia", "Peña/pena", "Hernández/hernandez", "Nuñez/nunez", "Castaño/castano", "Vidal", "Zubizarreta", "Romero", "Jiménez/jimenez", "Ortega", "Cañete/canete", "Prieto"}},
	{{"Ayşe/ayse", "Çağla/cagla", "İbrahim/ibrahim", "Gülşen/gulsen", "Mehmet", "Şeyma/seyma", "Oğuz/oguz", "Elif", "Ümit/umit", "Zeynep", "Barış/baris", "Emine", "Tolga", "Yıldız/yildiz"},
	{"Yılmaz/yilmaz", "Öztürk/ozturk", "Şahin/sahin", "Doğan/dogan", "Çelik/celik", "Kılıç/kilic", "Aydın/aydin", "Güneş/gunes", "Koç/koc", "Arslan", "Bulut", "Taş/tas", "Erdoğdu/erdogdu", "Kaya"}},
	{{"Ananya", "Rahul", "Priya", "Vikram", "Lakshmi", "Arjun", "Meera", "Sanjay", "Kavya", "Rohan", "Nithya", "Imran", "Deepa", "Harpreet"},
	{"Subramanian", "Iyer", "Sharma", "Patel", "Chatterjee", "Reddy", "Kulkarni", "Nair", "Singh", "Bose", "Mehta", "Khan", "Pillai", "Deshpande"}},
	{{"Nguyễn Minh/minh", "Trần Thu/thu", "Phạm Đức/duc", "Lê Hồng/hong", "Võ Anh/anh", "Đặng Lan/lan", "Bùi Quang/quang", "Hoàng Mai/mai", "Ngô Sơn/son", "Đỗ Thảo/thao", "Huỳnh Bảo/bao", "Phan Yến/yen", "Vũ Khánh/khanh", "Lý Phương/phuong"},
	{"Hải/hai", "Tuấn/tuan", "Ngọc/ngoc", "Hương/huong", "Dũng/dung", "Trang", "Long", "Hạnh/hanh", "Phúc/phuc", "Linh", "Thắng/thang", "Giang", "Bình/binh", "Châu/chau"}},
	{{"Олена/olena", "Тарас/taras", "Оксана/oksana", "Богдан/bohdan", "Ірина/iryna", "Андрій/andrii", "Наталія/nataliia", "Юрій/yurii", "Мар'яна/mariana", "Остап/ostap", "Соломія/solomiia", "Ігор/ihor", "Леся/lesia", "Максим/maksym"},
	{"Шевченко/shevchenko", "Коваленко/kovalenko", "Бондаренко/bondarenko", "Ткаченко/tkachenko", "Кравчук/kravchuk", "Мельник/melnyk", "Поліщук/polishchuk", "Гончар/honchar", "Лисенко/lysenko", "Савчук/savchuk", "Марченко/marchenko", "Яременко/yaremenko", "Дзюба/dziuba", "Чорний/chornyi"}},
	{{"伟/wei", "芳/fang", "娜/na", "敏/min", "静/jing", "磊/lei", "军/jun", "洋/yang", "艳/yan", "杰/jie", "涛/tao", "明/ming", "超/chao", "霞/xia"},
	{"王/wang", "李/li", "张/zhang", "刘/liu", "陈/chen", "杨/yang", "赵/zhao", "黄/huang", "周/zhou", "吴/wu", "徐/xu", "孙/sun", "马/ma", "朱/zhu"}},
	{{"Adébáyọ̀/adebayo", "Chiamaka", "Olúwaṣeun/oluwaseun", "Ngozi", "Ìyábọ̀/iyabo", "Emeka", "Fúnmiláyọ̀/funmilayo", "Kwame", "Amina", "Tunde", "Zainab", "Chukwudi", "Adaeze", "Yusuf"},
	{"Okonkwo", "Adéyẹmí/adeyemi", "Eze", "Balogun", "Nwosu", "Mensah", "Ibrahim", "Ọláyínká/olayinka", "Okafor", "Abubakar", "Danjuma", "Asante", "Afolábí/afolabi", "Bello"}},
	{{"Youssef", "Leïla/leila", "Karim", "Nour", "Omar", "Hélène/helene", "Rachid", "Salma", "François/francois", "Zoé/zoe", "Mehdi", "Chloé/chloe", "Khadija", "Anaïs/anais"},
	{"Benali", "El Amrani/elamrani", "Haddad", "Lefèvre/lefevre", "Mansour", "Bouchard", "Saïdi/saidi", "Garçon/garcon", "Cherif", "Nasser", "Côté/cote", "Berrada", "Rousseau", "Ziani"}},
	/* more German ones: most of the company works there */
	{{"Antje", "Thorsten", "Frauke", "Hinnerk", "Birte", "Kai-Uwe/kai-uwe", "Maren", "Ole", "Wiebke", "Jannes", "Silke", "Detlef", "Gesche", "Malte"},
	{"Claußen/claussen", "Thiessen", "Behrens", "Wöhler/woehler", "Lührs/luehrs", "Meinhardt", "Dierks", "Sörensen/soerensen", "Harms", "Tiedemann", "Boysen", "Kröger/kroeger", "Ehlers", "Rickmers"}},
	{{"Franziska", "Alois", "Ronny", "Kathleen", "Vroni", "Maximilian", "Mandy", "Sepp", "Grit", "Benedikt", "Annegret", "Enrico", "Resi", "Hannes"},
	{"Huber", "Gößwein/goesswein", "Lehmann", "Pöschel/poeschel", "Aigner", "Zschoche", "Moosbauer", "Nitzsche", "Grünwald/gruenwald", "Schönfeld/schoenfeld", "Oberhofer", "Rößler/roessler", "Kühn/kuehn", "Stangl"}},
};
#define N_CULTURES ((int) (sizeof(cultures) / sizeof(cultures[0])))

Person	   *people;
int			n_people;

static int
department_number(const char *id)
{
	for (int i = 0; i < n_departments; i++)
		if (strcmp(departments[i].id, id) == 0)
			return i;
	return -1;
}

static int
job_number(const char *code, size_t length)
{
	for (int i = 0; i < n_jobs; i++)
		if (strlen(jobs[i].code) == length && memcmp(jobs[i].code, code, length) == 0)
			return i;
	fprintf(stderr, "generate: no job %.*s\n", (int) length, code);
	exit(1);
}

/* One of the jobs in "code:weight,code:weight". */
static int
pick_job(Random *random, const char *list)
{
	int			total = 0,
				drawn;
	const char *at;

	for (at = list; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
		total += atoi(strchr(at, ':') + 1);
	drawn = below(random, total);
	for (at = list; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
	{
		drawn -= atoi(strchr(at, ':') + 1);
		if (drawn < 0)
			break;
	}
	return job_number(at, (size_t) (strchr(at, ':') - at));
}

static void
name_part(const char *entry, char *shown, char *plain)
{
	const char *slash = strchr(entry, '/');

	if (slash != NULL)
	{
		memcpy(shown, entry, (size_t) (slash - entry));
		shown[slash - entry] = '\0';
		strcpy(plain, slash + 1);
		return;
	}
	strcpy(shown, entry);
	for (; *entry; entry++)
		*plain++ = (char) (*entry >= 'A' && *entry <= 'Z' ? *entry + 32 : *entry);
	*plain = '\0';
}

static void
name_person(Person *person, Random *random, int site, int number)
{
	static const int at_site[] = {0, 1, 2, 3, 0, 0, 0, 4};	/* site to culture */
	static const int german[] = {0, N_CULTURES - 2, N_CULTURES - 1};
	int			culture = chance(random, 620) ? at_site[site] : below(random, N_CULTURES);
	int			family_culture;
	char		given[40],
				family[40],
				mail_given[40],
				mail_family[40];
	int			same = 0;

	if (culture == 0)
		culture = german[below(random, 3)];
	family_culture = culture == 0 || culture >= N_CULTURES - 2 ? german[below(random, 3)] : culture;
	if (chance(random, 40))		/* a family of two cultures */
		family_culture = below(random, N_CULTURES);
	name_part(cultures[culture].given[below(random, NAMES)], given, mail_given);
	name_part(cultures[family_culture].family[below(random, NAMES)], family, mail_family);
	if (strcmp(cultures[family_culture].family[0], "王/wang") == 0)
		sprintf(person->name, "%s%s%s", family, (unsigned char) given[0] < 0x80 ? " " : "", given);
	else
		sprintf(person->name, "%s %s", given, family);
	sprintf(person->email, "%s.%s@", mail_given, mail_family);
	for (int i = 0; i < number; i++)
		if (strncmp(people[i].email, person->email, strlen(person->email) - 1) == 0 &&
			strchr("@0123456789", people[i].email[strlen(person->email) - 1]) != NULL)
			same++;
	if (same > 0)
		sprintf(strchr(person->email, '@'), "%d@", same + 1);
	strcat(person->email, "aurora.example");
}

/* Where people come from when they move: mostly a sister department. */
static int
other_department(Random *random, int department)
{
	for (;;)
	{
		int			other = below(random, n_departments);

		if (other == department || departments[other].share < 8)
			continue;
		if (strcmp(departments[other].parent, departments[department].parent) == 0 || chance(random, 60))
			return other;
	}
}

static void
move_about(Person *person, Random *random, int home)
{
	int			moves = 1;

	if (!person->leads)
	{
		if (chance(random, 380))
			moves++;
		if (moves == 2 && chance(random, 300))
			moves++;
		if (moves == 3 && chance(random, 250))
			moves++;
	}
	person->moves = moves;
	person->department[moves - 1] = home;
	for (int i = moves - 2; i >= 0; i--)
		person->department[i] = other_department(random, person->department[i + 1]);
	person->since[0] = person->hired;
	for (int i = 1; i < moves; i++)
	{
		int			from = person->hired > FIRST_DAY ? person->hired : FIRST_DAY;
		int			span = (LAST_DAY - from) / moves;

		person->since[i] = from + span * i - span / 2 + between(random, 0, span * 8 / 10) + 1;
		/* transfers happen on the first of a month, mostly */
		if (chance(random, 800))
		{
			char		date[16];

			date_text(person->since[i], date);
			person->since[i] -= atoi(date + 8) - 1;
		}
		if (person->since[i] <= person->since[i - 1])
			person->since[i] = person->since[i - 1] + 1;
	}
}

void
make_people(int count)
{
	int			shares = 0,
				done = 0,
				number = 0,
			   *head = allocate((size_t) n_departments, sizeof(int));

	people = allocate((size_t) count, sizeof(Person));
	n_people = count;
	for (int d = 0; d < n_departments; d++)
		shares += departments[d].share;
	for (int d = 0; d < n_departments; d++)
	{
		int			upto;

		/* everyone has a head; the rest by the shares, so that the sum is right */
		done += departments[d].share;
		upto = (int) ((int64_t) (count - n_departments) * done / shares) + d + 1;
		for (int first = number; number < upto; number++)
		{
			Person	   *person = &people[number];
			Random		random = random_from(1, (uint64_t) number, 0);

			person->leads = number == first;
			if (person->leads)
				head[d] = number;
			person->executive = person->leads && (d == 0 || strcmp(departments[d].parent, "D01") == 0);
			sprintf(person->number, "E%05d", 10000 + number * 7 + below(&random, 7));
			name_person(person, &random, departments[d].site, number);
			person->job = person->executive ? job_number("executive", 9) : pick_job(&random, departments[d].jobs);
			person->fte = chance(&random, 830) ? 100 : between(&random, 5, 9) * 10;
			person->hired = chance(&random, 680) ? FIRST_DAY - between(&random, 30, 5000)
				: FIRST_DAY + between(&random, 0, LAST_DAY - FIRST_DAY - 60);
			if (person->leads)
				person->hired = FIRST_DAY - between(&random, 300, 6000);
			person->skill = bell(&random, 780, 160);
			person->diligence = bell(&random, 1000, 300);
			sprintf(person->library_account, "u-%08x", (unsigned) (hash3(2, (uint64_t) number, 0) >> 32));
			person->known_to_library = chance(&random, 970);
			move_about(person, &random, d);
		}
	}
	for (int i = 0; i < count; i++)
	{
		int			home = people[i].department[people[i].moves - 1];
		int			above = department_number(departments[home].parent);

		people[i].manager = !people[i].leads ? head[home] : above < 0 ? -1 : head[above];
	}
	free(head);
}

int
department_on(const Person *person, int day)
{
	int			at = 0;

	while (at + 1 < person->moves && person->since[at + 1] <= day)
		at++;
	return person->department[at];
}

void
write_hr(const char *folder)
{
	FILE	   *file;
	char		date[16],
				until[16],
				text[32];

	file = open_output(folder, "hr_departments.csv");
	fprintf(file, "department_id,name,parent_id,site,cost_centre\n");
	for (int d = 0; d < n_departments; d++)
		fprintf(file, "%s,%s,%s,%s,%d\n", departments[d].id, departments[d].name, departments[d].parent,
				site_names[departments[d].site], 4000 + 10 * d);
	close_output(file, "hr_departments.csv");

	file = open_output(folder, "hr_employees.csv");
	fprintf(file, "employee_no,full_name,email,job_code,job_title,job_codes,manager_no,fte,hired_on,site\n");
	for (int i = 0; i < n_people; i++)
	{
		const Person *p = &people[i];

		date_text(p->hired, date);
		fprintf(file, "%s,", p->number);
		add_csv(file, p->name, ',');
		fprintf(file, "%s,%s,%s,", p->email, jobs[p->job].code, jobs[p->job].title);
		if (p->leads)
			fprintf(file, "\"{%s,team-lead}\",", jobs[p->job].code);
		else
			fprintf(file, "{%s},", jobs[p->job].code);
		fprintf(file, "%s,%s,%s,%s\n", p->manager < 0 ? "" : people[p->manager].number,
				permille_text(p->fte * 10, text), date,
				site_names[departments[p->department[p->moves - 1]].site]);
	}
	close_output(file, "hr_employees.csv");

	file = open_output(folder, "hr_assignments.csv");
	fprintf(file, "employee_no,department_id,valid_from,valid_to,reason\n");
	for (int i = 0; i < n_people; i++)
		for (int m = 0; m < people[i].moves; m++)
		{
			date_text(people[i].since[m], date);
			until[0] = '\0';
			if (m + 1 < people[i].moves)
				date_text(people[i].since[m + 1], until);
			fprintf(file, "%s,%s,%s,%s,%s\n", people[i].number, departments[people[i].department[m]].id,
					date, until, m == 0 ? "hire" : "transfer");
		}
	close_output(file, "hr_assignments.csv");

	file = open_output(folder, "personas.csv");
	fprintf(file, "home_page,account_name,employee_no,valid_from,valid_to\n");
	for (int i = 0; i < n_people; i++)
		if (people[i].known_to_library)
			fprintf(file, "https://skillshelf.example/users,%s,%s,,\n", people[i].library_account, people[i].number);
	close_output(file, "personas.csv");
}
