/*
 * model.c - the learning model of Aurora Home Energy: goals and their key
 * results, competencies, 900 items of content, platforms, vendors, roles, the
 * people who make and give learning, policies, data, and how they hang together.
 *
 * model.json is what import_model() reads:
 *     {"elements": [{key, kind, name, ...}], "relations": [{source, kind, target, ...}],
 *      "requirements": [{role, item, required}]}
 * with the members named like the columns of the tables, and keys for ids.
 */
#include "generate.h"

#include <stdlib.h>
#include <string.h>

/* ---- strategy ---- */

typedef struct Goal
{
	const char *slug;
	const char *name;
	const char *parent;
	int			priority;		/* percent */
	const char *sponsor;
} Goal;

static const Goal goals[] = {
	{"loyal-customers", "Customers who stay and recommend us", NULL, 300, "manager:cco"},
	{"cut-churn", "Cut customer churn from 11 % to 8 %", "loyal-customers", 300, "manager:head-service"},
	{"first-time-fix", "Fix it right on the first visit", "loyal-customers", 300, "manager:head-field"},
	{"zero-harm", "Everybody goes home unharmed", NULL, 300, "manager:coo"},
	{"trusted-partner", "A partner customers and regulators trust", NULL, 200, "manager:general-counsel"},
	{"data-decisions", "Decide with data and AI", NULL, 150, "manager:cto"},
	{"strong-leaders", "Leaders people want to work for", NULL, 150, "manager:chro"},
};
#define N_GOALS ((int) (sizeof(goals) / sizeof(goals[0])))

typedef struct KeyResult
{
	const char *slug;
	const char *goal;
	const char *name;			/* OKR wording */
	const char *measure;
	const char *unit;
	int			baseline,
				target,
				actual;			/* thousandths of the unit */
} KeyResult;

static const KeyResult key_results[] = {
	{"churn-8", "cut-churn", "Lower yearly contract churn from 11.2 % to 8.0 % by Q2 2026", "Yearly contract churn", "%", 11200, 8000, 9100},
	{"first-contact", "cut-churn", "Raise first-contact resolution from 61 % to 75 %", "First-contact resolution", "%", 61000, 75000, 69500},
	{"winback", "cut-churn", "Win back 30 % of cancelling customers (from 18 %)", "Win-back rate", "%", 18000, 30000, 27800},
	{"nps-45", "loyal-customers", "Raise Net Promoter Score from 31 to 45", "Net Promoter Score", "points", 31000, 45000, 37000},
	{"ftf-88", "first-time-fix", "Raise first-time-fix rate from 74 % to 88 %", "First-time-fix rate", "%", 74000, 88000, 80900},
	{"repeat-visits", "first-time-fix", "Halve repeat visits within 30 days from 19 % to 9.5 %", "Repeat visits within 30 days", "%", 19000, 9500, 14200},
	{"commissioning-1-day", "first-time-fix", "Commission 90 % of heat pumps in one day (from 66 %)", "One-day commissioning", "%", 66000, 90000, 78000},
	{"ltir-2", "zero-harm", "Reduce lost-time injuries per million hours from 6.1 to 2.0", "Lost-time injury rate", "per million hours", 6100, 2000, 3900},
	{"near-miss", "zero-harm", "Triple near-miss reports per 100 employees from 12 to 36", "Near-miss reports", "per 100 employees", 12000, 36000, 29000},
	{"height-certified", "zero-harm", "100 % of people who work at height hold a valid certificate", "Valid height certificates", "%", 71000, 100000, 83000},
	{"phishing-3", "trusted-partner", "Bring the phishing click rate from 14 % below 3 %", "Phishing click rate", "%", 14000, 3000, 7900},
	{"mandatory-98", "trusted-partner", "98 % of employees up to date with mandatory training", "Mandatory training up to date", "%", 82000, 98000, 64000},
	{"dsar-10", "trusted-partner", "Answer data subject requests in 10 days (from 24)", "Days to answer data subject requests", "days", 24000, 10000, 13000},
	{"dashboards-60", "data-decisions", "60 % of managers use the KPI portal every week (from 22 %)", "Managers using the KPI portal weekly", "%", 22000, 60000, 33000},
	{"automation-40k", "data-decisions", "Automate 40,000 hours of routine work a year (from 6,000)", "Hours automated a year", "hours", 6000000, 40000000, 15500000},
	{"ai-certified", "data-decisions", "1,000 employees pass the AI driving licence", "AI driving licences", "people", 0, 1000000, 410000},
	{"engagement-78", "strong-leaders", "Raise the leadership index from 64 to 78", "Leadership index", "points", 64000, 78000, 69000},
	{"regretted-5", "strong-leaders", "Keep regretted leavers under 5 % (from 9 %)", "Regretted leavers", "%", 9000, 5000, 7200},
	{"internal-60", "strong-leaders", "Fill 60 % of lead positions from inside (from 41 %)", "Lead positions filled from inside", "%", 41000, 60000, 52000},
};
#define N_KEY_RESULTS ((int) (sizeof(key_results) / sizeof(key_results[0])))

const Competency competencies[] = {
	{"customer-empathy", "Customer empathy", "goal:cut-churn:90", "cut-churn",
	{"Seeing the call through the customer's eyes", "Empathy under time pressure", "When the heating fails in January", "Words that calm and words that do not", "From apology to solution"}},
	{"active-listening", "Active listening", "competency:customer-empathy:70,competency:needs-analysis:50", "cut-churn",
	{"Listen before you type", "Open questions, closed questions", "Summarise what you heard", "Hearing what is not said", "Listening across languages"}},
	{"complaint-resolution", "Complaint resolution", "goal:cut-churn:90", "cut-churn",
	{"The complaint as a second chance", "Root cause of repeat complaints", "Goodwill: how much and when", "Closing the loop with the customer", "Escalation paths that work"}},
	{"de-escalation", "De-escalation", "competency:complaint-resolution:70", "cut-churn",
	{"The first thirty seconds of an angry call", "Setting limits politely", "Staying safe on the doorstep", "After a hard conversation", "Threats and abuse: what we do"}},
	{"needs-analysis", "Customer needs analysis", "goal:cut-churn:50,competency:consultative-selling:60", "cut-churn",
	{"Reading a household's energy profile", "The heat load interview", "Budget, comfort, climate: what matters most", "Needs of housing associations", "When not to sell a heat pump"}},
	{"contract-advice", "Contract and tariff advice", "goal:cut-churn:70", "cut-churn",
	{"Service plans compared", "Dynamic tariffs explained simply", "Subsidies in 2026: who gets what", "Moving house with a contract", "Reading the bill together"}},
	{"crm-proficiency", "CRM proficiency", "goal:cut-churn:40", "cut-churn",
	{"One customer, one record", "Case notes colleagues can use", "Queues, priorities and hand-overs", "Consent flags done right", "The churn signal panel"}},
	{"clear-writing", "Clear writing to customers", "goal:cut-churn:50", "cut-churn",
	{"Plain language in e-mails", "Bad news, written kindly", "Answering reviews in public", "Templates with a human voice", "Instructions nobody misreads"}},
	{"consultative-selling", "Consultative selling", "goal:cut-churn:40", "cut-churn",
	{"Selling by asking", "Total cost of ownership", "Objections about noise and price", "The second visit", "Offers for multi-family homes"}},
	{"heat-pump-commissioning", "Heat pump commissioning", "goal:first-time-fix:90", "first-time-fix",
	{"Commissioning the AHP-9 series", "Heating curve and weather compensation", "Bivalent systems", "The hand-over protocol", "Noise and siting"}},
	{"fault-diagnosis", "Systematic fault diagnosis", "goal:first-time-fix:100", "first-time-fix",
	{"From symptom to cause in six steps", "Reading the controller's event log", "Sensors that lie", "Intermittent faults", "Compressor or inverter?"}},
	{"hydraulic-balancing", "Hydraulic balancing", "goal:first-time-fix:70", "first-time-fix",
	{"Why balance at all", "Room by room heat load", "Setting flow limiters", "Underfloor loops", "Proof for the subsidy office"}},
	{"refrigerant-handling", "Refrigerant handling (F-gas)", "goal:first-time-fix:80,goal:trusted-partner:30", "first-time-fix",
	{"Leak detection and repair", "Recovering R-32", "Working with R-290 (propane)", "F-gas records and labels", "Evacuation and pressure test"}},
	{"pv-installation", "Photovoltaic installation", "goal:first-time-fix:70", "first-time-fix",
	{"Roof survey and layout", "Mounting on tiles and slate", "String sizing", "Batteries and backup", "Handing over the plant log"}},
	{"electrical-installation", "Electrical installation", "goal:first-time-fix:70", "first-time-fix",
	{"Meter cabinets and grid rules", "Protective devices chosen right", "Wallbox and load management", "Initial verification step by step", "Earthing and bonding"}},
	{"spare-parts-planning", "Spare parts planning", "goal:first-time-fix:50", "first-time-fix",
	{"Van stock that fits the tour", "Forecasting slow movers", "Returns and refurbished parts", "Parts identification", "End of life planning"}},
	{"digital-work-orders", "Digital work orders", "goal:first-time-fix:40", "first-time-fix",
	{"FieldApp in a day", "Photos that prove the work", "Working offline", "Time and material in the app", "Signatures on site"}},
	{"technical-documentation", "Technical documentation", "goal:first-time-fix:30", "first-time-fix",
	{"Finding the right wiring diagram", "Reporting an error in the manual", "Serial numbers and variants", "Service bulletins", "As-built drawings"}},
	{"scheduling", "Dispatch and scheduling", "goal:first-time-fix:50", "first-time-fix",
	{"Right skill, right van, right day", "Rescheduling without anger", "Storm mode", "Travel time and zones", "Promises we can keep"}},
	{"working-at-height", "Working at height", "goal:zero-harm:100", "zero-harm",
	{"Ladders, scaffolds, lifts: choose right", "Harness check before every use", "Roof edges and skylights", "Rescue from height", "Weather says no"}},
	{"electrical-safety", "Electrical safety", "goal:zero-harm:100", "zero-harm",
	{"The five safety rules", "Lock out, tag out", "Arc flash", "Testing for dead", "DC side of a solar plant"}},
	{"manual-handling", "Lifting and carrying", "goal:zero-harm:70", "zero-harm",
	{"Save your back", "Moving a 120 kg outdoor unit", "Stair climbers and hoists", "Two people, one load", "Warming up before the shift"}},
	{"hazard-recognition", "Hazard recognition", "goal:zero-harm:90", "zero-harm",
	{"Stop, look, think", "The last-minute risk check", "Asbestos in old boiler rooms", "Working alone", "Dogs, stairs and dark cellars"}},
	{"incident-reporting", "Incident reporting", "goal:zero-harm:60", "zero-harm",
	{"Report the near miss", "What happens with my report", "Facts, not blame", "Photo, place, time", "Learning from three accidents"}},
	{"first-aid", "First aid", "goal:zero-harm:50", "zero-harm",
	{"The first three minutes", "Defibrillator in the van", "Electric shock", "Burns and refrigerant frostbite", "First aid refresher"}},
	{"safe-driving", "Safe driving", "goal:zero-harm:70", "zero-harm",
	{"Driving a loaded van", "Phone away", "Ice and night", "Electric vans: range and charging", "Reversing with a spotter"}},
	{"warehouse-traffic", "Forklift and warehouse traffic", "goal:zero-harm:70", "zero-harm",
	{"Forklift refresher", "Pedestrians first", "Loading ramps", "Stacking and racking", "Batteries and gas cylinders"}},
	{"data-protection", "Data protection", "goal:trusted-partner:90", "trusted-partner",
	{"Customer data in daily work", "Photos from customers' homes", "When data goes astray", "Rights of the data subject", "Retention and deletion"}},
	{"information-security", "Information security", "goal:trusted-partner:90", "trusted-partner",
	{"Spot the phish", "Passwords and passkeys", "Working in trains and cafés", "Report it in five minutes", "USB sticks and strangers"}},
	{"anti-corruption", "Anti-bribery and gifts", "goal:trusted-partner:70", "trusted-partner",
	{"Gifts and invitations", "Conflicts of interest", "Dealing with public officials", "Third parties", "Facilitation payments"}},
	{"consumer-law", "Consumer law", "goal:trusted-partner:60", "trusted-partner",
	{"Right of withdrawal", "Price changes and notice", "Doorstep contracts", "Warranty and guarantee", "Honest environmental claims"}},
	{"code-of-conduct", "Code of conduct", "goal:trusted-partner:60", "trusted-partner",
	{"Our code in twenty minutes", "Speaking up", "Respect at work", "Company property", "Social media and us"}},
	{"equal-treatment", "Equal treatment", "goal:trusted-partner:40", "trusted-partner",
	{"Bias in decisions", "Inclusive job adverts", "Harassment: see it, stop it", "Accessibility at work", "Religious holidays and rosters"}},
	{"quality-management", "Quality management", "goal:trusted-partner:40,goal:first-time-fix:30", "trusted-partner",
	{"Right first time on the line", "The 8D report", "Audit without fear", "Measuring equipment", "Change control"}},
	{"secure-development", "Secure development", "goal:trusted-partner:50,competency:information-security:40", "trusted-partner",
	{"Threat modelling", "Dependencies and updates", "Secrets in code", "Review for security", "Incident drill"}},
	{"data-literacy", "Data literacy", "goal:data-decisions:90", "data-decisions",
	{"Reading a KPI page", "Averages and what they hide", "Ask the data catalogue", "Good questions, good data", "Data quality is everybody's job"}},
	{"data-visualisation", "Data visualisation", "goal:data-decisions:50", "data-decisions",
	{"Choose the right chart", "Tell it in one slide", "Dashboards people open", "Colour and contrast", "Maps of service regions"}},
	{"statistical-thinking", "Statistical thinking", "competency:data-literacy:60,goal:data-decisions:60", "data-decisions",
	{"Chance or change?", "Samples and surveys", "Correlation at work", "Control charts", "Simple experiments"}},
	{"ai-at-work", "AI assistants at work", "goal:data-decisions:80", "data-decisions",
	{"The AI driving licence", "Prompts that help", "Checking what the assistant says", "What must not go into a prompt", "AI in customer chat"}},
	{"process-automation", "Process automation", "goal:data-decisions:60", "data-decisions",
	{"Find the routine", "Your first flow", "Robots and exceptions", "Measure the hours saved", "Hand over to IT"}},
	{"feedback", "Giving feedback", "goal:strong-leaders:80", "strong-leaders",
	{"Feedback in two minutes", "Praise that lands", "The hard message", "Asking for feedback", "Annual talk, monthly talk"}},
	{"coaching", "Coaching conversations", "goal:strong-leaders:90", "strong-leaders",
	{"The GROW conversation", "Questions instead of answers", "Coaching on the road", "Coaching for the customer's sake", "Goals people own"}},
	{"delegation", "Delegation", "goal:strong-leaders:60", "strong-leaders",
	{"Letting go well", "Levels of authority", "Delegating to a distributed team", "When it goes wrong", "Growing a deputy"}},
	{"change-leadership", "Leading change", "goal:strong-leaders:70", "strong-leaders",
	{"Why, what, how, who", "Resistance is information", "Small wins", "Change fatigue", "Re-organisation with care"}},
	{"workforce-planning", "Workforce planning", "goal:strong-leaders:50", "strong-leaders",
	{"Skills we need in 2028", "Who retires when", "Apprentices", "Flexible rosters", "Succession"}},
	{"inclusive-leadership", "Inclusive leadership", "goal:strong-leaders:60", "strong-leaders",
	{"Teams in four languages", "Who speaks, who is silent", "Fair shifts", "Leading remotely", "Belonging"}},
};
const int	n_competencies = sizeof(competencies) / sizeof(competencies[0]);

/* Everybody, whatever the role. */
const char	required_of_everybody[] = "code-of-conduct:80,data-protection:100,information-security:100,"
	"hazard-recognition:40,ai-at-work:30,equal-treatment:30";

/* ---- platforms and vendors ---- */

const Platform platforms[N_PLATFORMS] = {
	{"platform:campus", "lms", "Campus, learning management system", "learnworks", "https://campus.aurora.example/"},
	{"platform:records", "lrs", "Learning record store", "statementa", "https://records.aurora.example/"},
	{"platform:examio", "assessment_platform", "Examio assessment platform", "examio", "https://aurora.examio.example/"},
	{"platform:live-rooms", "virtual_classroom", "Live Rooms virtual classroom", "meetwell", "https://live.aurora.example/"},
	{"platform:skillshelf", "library", "SkillShelf course library", "skillshelf", "https://skillshelf.example/"},
	{"platform:readdeck", "library", "ReadDeck e-book library", "readdeck", "https://readdeck.example/"},
	{"platform:cliptheque", "library", "Clipthèque video library", "cliptheque", "https://cliptheque.example/"},
	{"platform:authorlab", "authoring_tool", "AuthorLab authoring tool", "authorlab", "https://authorlab.aurora.example/"},
	{"platform:coursecraft", "authoring_tool", "CourseCraft authoring tool", "coursecraft", "https://coursecraft.example/"},
	{"platform:intranet", "portal", "Aurora intranet", NULL, "https://intranet.aurora.example/"},
	{"platform:field-app", "platform", "FieldApp, work orders and observed tasks", "fieldware", "https://fieldapp.aurora.example/"},
	{"platform:mentor-match", "platform", "MentorMatch", "mentorly", "https://mentor.aurora.example/"},
	{"platform:badgehouse", "platform", "BadgeHouse credentials", "badgehouse", "https://badges.aurora.example/"},
	{"platform:simbench", "assessment_platform", "SimBench heat pump simulator", "thermosim", "https://simbench.aurora.example/"},
};

typedef struct Vendor
{
	const char *slug;
	const char *name;
	const char *does;			/* competencies of content it supplies; NULL: platforms only */
} Vendor;

static const Vendor vendors[] = {
	{"learnworks", "Learnworks GmbH", NULL},
	{"statementa", "Statementa ApS", NULL},
	{"examio", "Examio B.V.", NULL},
	{"meetwell", "MeetWell Inc.", NULL},
	{"skillshelf", "SkillShelf Ltd.", "data-literacy,statistical-thinking,data-visualisation,process-automation,secure-development,delegation,feedback"},
	{"readdeck", "ReadDeck AB", "clear-writing,change-leadership,workforce-planning"},
	{"cliptheque", "Clipthèque SAS", "active-listening,safe-driving,first-aid,inclusive-leadership"},
	{"authorlab", "AuthorLab Oy", NULL},
	{"coursecraft", "CourseCraft LLC", NULL},
	{"fieldware", "Fieldware AS", NULL},
	{"mentorly", "Mentorly Lda.", NULL},
	{"badgehouse", "BadgeHouse OÜ", NULL},
	{"thermosim", "ThermoSim AG", "heat-pump-commissioning,fault-diagnosis"},
	{"nordcloud", "Nordwolke Cloud AB", NULL},
	{"kaeltetechnik", "Akademie für Kältetechnik", "refrigerant-handling"},
	{"hoehenwerk", "Höhenwerk Sicherheitstraining", "working-at-height"},
	{"elektrocampus", "Elektro-Campus e.V.", "electrical-safety,electrical-installation"},
	{"solarschool", "Escuela Solar S.L.", "pv-installation"},
	{"lexkompakt", "Lex Kompakt Verlag", "consumer-law,data-protection,anti-corruption"},
	{"phishnet", "PhishNet Security Ltd.", "information-security"},
	{"voxhumana", "Vox Humana Training", "customer-empathy,de-escalation"},
	{"stapler-profi", "Stapler-Profi Schulung", "warehouse-traffic,manual-handling"},
	{"leadlab", "LeadLab Consulting", "coaching,change-leadership"},
	{"promptcraft", "PromptCraft Studio", "ai-at-work"},
	{"linguapol", "Linguapol Sp. z o.o.", "technical-documentation,crm-proficiency"},
};
#define N_VENDORS ((int) (sizeof(vendors) / sizeof(vendors[0])))

typedef struct Named
{
	const char *key;
	const char *kind;
	const char *name;
	const char *about;			/* competencies or goals it is about, comma separated */
} Named;

static const Named others[] = {
	/* managers, who sponsor goals */
	{"manager:cco", "manager", "Chief customer officer", NULL},
	{"manager:head-service", "manager", "Head of customer service", NULL},
	{"manager:head-field", "manager", "Head of field service", NULL},
	{"manager:coo", "manager", "Chief operating officer", NULL},
	{"manager:general-counsel", "manager", "General counsel", NULL},
	{"manager:cto", "manager", "Chief technology officer", NULL},
	{"manager:chro", "manager", "Chief people officer", NULL},
	/* policies */
	{"policy:gdpr", "policy", "General Data Protection Regulation", "data-protection,information-security"},
	{"policy:f-gas", "policy", "F-gas Regulation (EU) 2024/573", "refrigerant-handling"},
	{"policy:height", "policy", "Work at height regulations", "working-at-height"},
	{"policy:electrical", "policy", "EN 50110-1 operation of electrical installations", "electrical-safety"},
	{"policy:code", "policy", "Aurora code of conduct", "code-of-conduct,anti-corruption,equal-treatment"},
	{"policy:ai-act", "policy", "EU AI Act, Article 4: AI literacy", "ai-at-work"},
	/* customers, a source of needs */
	{"customer:households", "customer", "Private households", "customer-empathy,contract-advice,clear-writing"},
	{"customer:housing", "customer", "Housing associations", "needs-analysis,scheduling"},
	{"customer:partners", "customer", "Partner installers", "technical-documentation,heat-pump-commissioning"},
	/* colleagues who share what they know */
	{"co-worker:heat-pump-community", "co_worker", "Heat pump community of practice", "fault-diagnosis,heat-pump-commissioning"},
	{"co-worker:safety-champions", "co_worker", "Safety champions", "hazard-recognition,incident-reporting"},
	{"co-worker:data-guild", "co_worker", "Data guild", "data-literacy,data-visualisation"},
};
#define N_OTHERS ((int) (sizeof(others) / sizeof(others[0])))

#define N_DESIGNERS 9
#define N_TRAINERS 16

/* ---- content ---- */

Content    *contents;
int			n_contents;
static int *kind_start;			/* [competency][kind] into kind_items */
static int *kind_items;

static const char *const kind_names[N_CONTENT_KINDS] = {
	"course", "module", "video", "webinar", "ebook", "on_the_job_task", "mentoring", "assessment",
	"credential", "program"
};
static const char *const kind_slugs[N_CONTENT_KINDS] = {
	"course", "module", "video", "webinar", "ebook", "task", "mentoring", "test", "credential", "program"
};
static const int kind_counts[N_CONTENT_KINDS] = {115, 340, 138, 60, 80, 50, 18, 69, 20, 10};

int
find_competency(const char *slug, size_t length)
{
	for (int i = 0; i < n_competencies; i++)
		if (strlen(competencies[i].slug) == length && memcmp(competencies[i].slug, slug, length) == 0)
			return i;
	fprintf(stderr, "generate: no competency %.*s\n", (int) length, slug);
	exit(1);
}

/* Does a comma-separated list, with or without :numbers, hold a word? */
static bool
listed(const char *list, const char *word)
{
	size_t		length = strlen(word);

	while (list != NULL && *list)
	{
		size_t		item = strcspn(list, ",:");

		if (item == length && memcmp(list, word, length) == 0)
			return true;
		list += strcspn(list, ",");
		list += *list == ',';
	}
	return false;
}

static bool
serves(int competency, const char *goal)
{
	return strcmp(competencies[competency].goal, goal) == 0;
}

/* Work with hands: observed on the job, tested on a simulator. */
static bool
hands_on(int competency)
{
	return (serves(competency, "first-time-fix") || serves(competency, "zero-harm")) &&
		!listed("spare-parts-planning,technical-documentation,scheduling,incident-reporting", competencies[competency].slug);
}

static bool
external(int competency)
{
	return listed(vendors[4].does, competencies[competency].slug);
}

/* A slug: ASCII letters and digits of the title, hyphens between. */
static void
slug_of(const char *title, char *slug, size_t size)
{
	size_t		length = 0;

	for (; *title && length + 2 < size; title++)
	{
		char		c = *title;

		if (c >= 'A' && c <= 'Z')
			c += 32;
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			slug[length++] = c;
		else if ((c == ' ' || c == '-') && length > 0 && slug[length - 1] != '-')
			slug[length++] = '-';
	}
	while (length > 0 && slug[length - 1] == '-')
		length--;
	slug[length] = '\0';
}

static void
title_of(Content *content, int round, const Content *course)
{
	static const char *const units[] = {
		"Why it matters", "Step by step", "Practice with feedback", "Typical mistakes", "Transfer to your workplace"
	};
	static const char *const forms[N_CONTENT_KINDS][4] = {
		[COURSE] = {"%1$s", "%1$s: advanced", "%1$s", "%1$s"},
		[VIDEO] = {"%1$s in four minutes", "How we do it: %1$s", "Watch an expert: %1$s", "%1$s: three examples"},
		[WEBINAR] = {"Live: %1$s", "Ask the expert: %1$s", "Open floor: %1$s", "Live: %1$s"},
		[EBOOK] = {"Pocket guide: %1$s", "Checklist: %1$s", "Handbook chapter: %1$s", "Job aid: %1$s"},
		[ON_THE_JOB] = {"Do it under observation: %1$s", "Ride along: %1$s", "Shadow shift: %1$s", "Teach it back: %1$s"},
		[MENTORING] = {"Mentoring: %2$s", "Peer circle: %2$s", "Mentoring: %2$s", "Mentoring: %2$s"},
		[ASSESSMENT] = {"%2$s: knowledge test", "%2$s: practical test", "%2$s: case simulation", "%2$s: recertification"},
		[CREDENTIAL] = {"Certificate: %2$s", "Badge: %2$s", "Certificate: %2$s", "Certificate: %2$s"},
		[PROGRAM] = {"%2$s programme", "%2$s programme", "%2$s programme", "%2$s programme"},
	};
	const Competency *about = &competencies[content->competency];
	const char *topic = about->topics[(round + (content->kind == VIDEO) + 2 * (content->kind == EBOOK)) % 5];

	if (content->kind == MODULE)
		snprintf(content->title, sizeof(content->title), "%s · %d %s", course->title, round + 1, units[round % 5]);
	else
	{
		/* positional arguments must all be used: topic and name by hand */
		const char *form = forms[content->kind][content->kind == COURSE ? round / 5 % 4 : round % 4];
		const char *place = strstr(form, "%1$s");
		const char *value = place ? topic : about->name;

		if (place == NULL)
			place = strstr(form, "%2$s");
		snprintf(content->title, sizeof(content->title), "%.*s%s%s", (int) (place - form), form, value, place + 4);
	}
}

static void
place(Content *content, int round, const Content *course, int number)
{
	Random		random = random_from(10, (uint64_t) number, 0);
	int			c = content->competency;
	static const int teaches[N_CONTENT_KINDS] = {800, 250, 150, 250, 150, 950, 550, 900, 1000, 700};
	static const int minutes[N_CONTENT_KINDS] = {120, 25, 6, 60, 90, 240, 480, 40, 15, 900};
	char		slug[72];

	switch (content->kind)
	{
		case COURSE:
		case PROGRAM:
			content->platform = external(c) && content->kind == COURSE ? SKILLSHELF : CAMPUS;
			break;
		case MODULE:
			content->platform = course->platform;
			break;
		case VIDEO:
			content->platform = external(c) ? SKILLSHELF
				: listed(vendors[6].does, competencies[c].slug) || chance(&random, 350) ? CLIPTHEQUE
				: chance(&random, 500) ? CAMPUS : INTRANET;
			break;
		case WEBINAR:
			content->platform = LIVE_ROOMS;
			break;
		case EBOOK:
			content->platform = chance(&random, 700) ? READDECK : INTRANET;
			break;
		case ON_THE_JOB:
			content->platform = hands_on(c) ? FIELD_APP : CAMPUS;
			break;
		case MENTORING:
			content->platform = MENTOR_MATCH;
			break;
		case ASSESSMENT:
			content->platform = hands_on(c) && round > 0 ? SIMBENCH : EXAMIO;
			break;
		default:
			content->platform = BADGEHOUSE;
	}
	content->teaches = teaches[content->kind];
	if (content->kind != CREDENTIAL && content->kind != ASSESSMENT)
		content->teaches += 50 * between(&random, -1, 1);
	content->minutes = minutes[content->kind] * between(&random, 60, 150) / 100;
	content->language = chance(&random, 550) ? "de" : chance(&random, 550) ? "en"
		: chance(&random, 400) ? "pl" : chance(&random, 500) ? "pt" : "es";
	slug_of(content->title, slug, sizeof(slug));
	snprintf(content->key, sizeof(content->key), "%s:%s", kind_slugs[content->kind], slug);
	for (int i = 0; i < number; i++)
		if (strcmp(contents[i].key, content->key) == 0)
		{
			snprintf(content->key, sizeof(content->key), "%s:%.60s-%d", kind_slugs[content->kind], slug, number);
			break;
		}
	snprintf(content->activity, sizeof(content->activity), "%s%s/%s", platforms[content->platform].base,
			 kind_slugs[content->kind], strchr(content->key, ':') + 1);
}

void
make_contents(void)
{
	int			course_of = 0,
				courses = 0,
				total = 0;

	for (int kind = 0; kind < N_CONTENT_KINDS; kind++)
		total += kind_counts[kind];
	contents = allocate((size_t) total, sizeof(Content));
	for (int kind = 0; kind < N_CONTENT_KINDS; kind++)
	{
		int			given[64] = {0},
					competency = kind * 5;

		for (int i = 0; i < kind_counts[kind]; i++)
		{
			Content    *content = &contents[n_contents];
			const Content *course = NULL;
			int			round;

			content->kind = (ContentKind) kind;
			content->course = -1;
			if (kind == MODULE)
			{
				/* three modules a course, and a fourth where they go round again */
				course_of = i < 3 * courses ? i / 3 : i - 3 * courses;
				course = &contents[course_of];
				content->course = course_of;
				content->competency = course->competency;
				round = i < 3 * courses ? i % 3 : 3;
			}
			else
			{
				/* in turn, but tasks and certificates only where hands are at work */
				do
					competency = (competency + 1) % n_competencies;
				while ((kind == ON_THE_JOB && !hands_on(competency) && given[competency] >= 0 && i % 4 != 3) ||
					   (kind == CREDENTIAL && !hands_on(competency) && i % 3 != 2));
				content->competency = competency;
				round = given[competency]++;
			}
			title_of(content, round, course);
			place(content, round, course, n_contents);
			n_contents++;
		}
		if (kind == COURSE)
			courses = n_contents;
	}

	/* lists by competency and kind */
	kind_start = allocate((size_t) (n_competencies * N_CONTENT_KINDS + 1), sizeof(int));
	kind_items = allocate((size_t) n_contents, sizeof(int));
	for (int i = 0, at = 0; i < n_competencies * N_CONTENT_KINDS; i++)
	{
		for (int c = 0; c < n_contents; c++)
			if (contents[c].competency * N_CONTENT_KINDS + (int) contents[c].kind == i)
				kind_items[at++] = c;
		kind_start[i + 1] = at;
	}

	for (int i = 0; i < n_contents; i++)
	{
		Random		random = random_from(11, (uint64_t) i, 0);
		const int  *siblings;

		/* never the first of its kind for a competency: that one is needed */
		contents_of(contents[i].competency, contents[i].kind, &siblings);
		contents[i].unused = siblings[0] != i && contents[i].kind != MODULE && chance(&random, 90);
	}
}

int
contents_of(int competency, ContentKind kind, const int **list)
{
	int			at = competency * N_CONTENT_KINDS + (int) kind;

	*list = kind_items + kind_start[at];
	return kind_start[at + 1] - kind_start[at];
}

/* ---- model.json ---- */

static Text text;
static FILE *out;
static bool first_line;

static void
line(void)
{
	fprintf(out, "%s\n%s", first_line ? "" : ",", text.data);
	first_line = false;
}

static void
begin_element(const char *key, const char *kind, const char *name)
{
	clear(&text);
	add(&text, "{\"key\":");
	add_json(&text, key);
	add(&text, ",\"kind\":\"%s\",\"name\":", kind);
	add_json(&text, name);
}

static void
element(const char *key, const char *kind, const char *name)
{
	begin_element(key, kind, name);
	add(&text, "}");
	line();
}

/* The head of a department is responsible, and looks at it again every so often. */
static void
owned_element(const char *key, const char *kind, const char *name, const char *department, const char *properties)
{
	Random		random = random_from(16, (uint64_t) strlen(key), (uint64_t) key[strlen(key) / 2] * 256 + (uint64_t) name[1]);
	char		date[16];

	begin_element(key, kind, name);
	for (int i = 0; i < n_people; i++)
		if (people[i].leads && strcmp(departments[people[i].department[people[i].moves - 1]].id, department) == 0)
		{
			add(&text, ",\"owner\":");
			add_json(&text, people[i].name);
		}
	date_text(LAST_DAY + between(&random, -40, 330), date);
	add(&text, ",\"review_by\":\"%s\"%s%s}", date, *properties ? ",\"properties\":" : "", properties);
	line();
}

static void
relation_in(const char *source, const char *kind, const char *target, int weight, const char *alternatives)
{
	char		buffer[16];

	clear(&text);
	add(&text, "{\"source\":\"%s\",\"kind\":\"%s\",\"target\":\"%s\",\"weight\":%s", source, kind, target,
		permille_text(weight, buffer));
	if (alternatives != NULL)
		add(&text, ",\"alternatives\":\"%s\"", alternatives);
	add(&text, "}");
	line();
}

static void
relation(const char *source, const char *kind, const char *target, int weight)
{
	relation_in(source, kind, target, weight, NULL);
}

static void
requirement(const char *role, const char *item, int percent)
{
	char		buffer[16];

	clear(&text);
	if (role)
		add(&text, "{\"role\":\"role:%s\",", role);
	else
		add(&text, "{\"role\":null,");
	add(&text, "\"item\":\"competency:%s\",\"required\":%s}", item, permille_text(10 * percent, buffer));
	line();
}

static void
requirements(const char *role, const char *list)
{
	while (*list)
	{
		size_t		length = strcspn(list, ":");
		char		slug[64];

		snprintf(slug, sizeof(slug), "%.*s", (int) length, list);
		find_competency(slug, length);
		requirement(role, slug, atoi(list + length + 1));
		list += strcspn(list, ",");
		list += *list == ',';
	}
}

static const char *
key_of(const char *prefix, const char *slug, char *buffer)
{
	sprintf(buffer, "%s:%s", prefix, slug);
	return buffer;
}

static const char *
designer_key(int number, char *buffer)
{
	sprintf(buffer, "learning-designer:%d", number + 1);
	return buffer;
}

/* People of the learning department make and own the content. */
static const Person *
learning_person(int number)
{
	int			seen = 0;

	for (int round = 0;; round++)
		for (int i = 0; i < n_people; i++)
			if (strcmp(departments[people[i].department[people[i].moves - 1]].id, "D82") == 0 &&
				seen++ == number)
				return &people[i];
}

/* Trainers come from all over the company. */
static int
trainer_number(int competency)
{
	return competency % N_TRAINERS;
}

static const Person *
trainer_person(int number)
{
	return &people[(int) (hash3(12, (uint64_t) number, 0) % (uint64_t) n_people)];
}

const Person *
trainer_of(int competency)
{
	return trainer_person(trainer_number(competency));
}

static void
content_element(int number)
{
	const Content *content = &contents[number];
	Random		random = random_from(13, (uint64_t) number, 0);
	char		date[16];

	begin_element(content->key, kind_names[content->kind], content->title);
	if (!chance(&random, 40))
	{
		add(&text, ",\"owner\":");
		add_json(&text, learning_person(below(&random, 12))->name);
	}
	/* most reviews lie ahead, some were missed, few were never planned */
	if (!chance(&random, 50))
	{
		date_text(chance(&random, 60) ? LAST_DAY - between(&random, 5, 400) : LAST_DAY + between(&random, 5, 500), date);
		add(&text, ",\"review_by\":\"%s\"", date);
	}
	date_text(FIRST_DAY - between(&random, 100, 1500), date);
	/* a few courses have been withdrawn, though not everywhere */
	if (content->kind == COURSE && number % 31 == 17)
		add(&text, ",\"valid_to\":\"2026-04-01\"");
	add(&text, ",\"valid_from\":\"%s\",\"activity\":\"%s\",\"effort\":%d", date, content->activity,
		content->minutes * (content->unused ? 0 : between(&random, 40, 400)) / 60);
	add(&text, ",\"properties\":{\"language\":\"%s\",\"minutes\":%d}}", content->language, content->minutes);
	line();
}

/* The department whose head answers for a goal. */
static const char *
goal_division(const char *goal)
{
	static const char *const division[][2] = {
		{"cut-churn", "D10"}, {"loyal-customers", "D50"}, {"first-time-fix", "D20"}, {"zero-harm", "D85"},
		{"trusted-partner", "D73"}, {"data-decisions", "D62"}, {"strong-leaders", "D80"}
	};
	int			i = 0;

	while (strcmp(division[i][0], goal) != 0)
		i++;
	return division[i][1];
}

static void
elements(void)
{
	char		key[80],
				buffer[16],
				date[16];

	for (int i = 0; i < N_GOALS; i++)
	{
		begin_element(key_of("goal", goals[i].slug, key), "goal", goals[i].name);
		date_text(LAST_DAY + 184, date);
		add(&text, ",\"priority\":%s,\"owner\":\"%s\",\"review_by\":\"%s\"}",
			permille_text(10 * goals[i].priority, buffer), goals[i].sponsor + strlen("manager:"), date);
		line();
	}
	for (int i = 0; i < N_KEY_RESULTS; i++)
	{
		const KeyResult *kr = &key_results[i];
		char		properties[160],
					target[16];

		sprintf(properties, "{\"baseline\":%s,\"target\":%s,\"unit\":\"%s\",\"direction\":\"%s\"}",
				permille_text(kr->baseline, buffer), permille_text(kr->target, target), kr->unit,
				kr->target > kr->baseline ? "up" : "down");
		owned_element(key_of("key-result", kr->slug, key), "key_result", kr->name, goal_division(kr->goal), properties);
		sprintf(properties, "{\"unit\":\"%s\"}", kr->unit);
		owned_element(key_of("measure", kr->slug, key), "measure", kr->measure, "D72", properties);
	}
	for (int i = 0; i < n_competencies; i++)
		owned_element(key_of("competency", competencies[i].slug, key), "competency", competencies[i].name,
					  goal_division(competencies[i].goal), "");
	for (int i = 0; i < n_jobs; i++)
		element(key_of("role", jobs[i].code, key), "role", jobs[i].title);
	/* nobody is in charge of two of the platforms, as it happens */
	for (int i = 0; i < N_PLATFORMS; i++)
		owned_element(platforms[i].key, platforms[i].kind, platforms[i].name,
					  i == CLIPTHEQUE || i == BADGEHOUSE ? "nobody" : i == FIELD_APP ? "D20" : i == RECORDS ? "D62"
					  : i == INTRANET ? "D63" : "D82", "");
	for (int i = 0; i < N_VENDORS; i++)
		element(key_of("vendor", vendors[i].slug, key), "vendor", vendors[i].name);
	for (int i = 0; i < N_OTHERS; i++)
		if (strcmp(others[i].kind, "policy") == 0)
			owned_element(others[i].key, others[i].kind, others[i].name, "D73", "");
		else
			element(others[i].key, others[i].kind, others[i].name);
	for (int i = 0; i < N_DESIGNERS; i++)
		element(designer_key(i, key), "learning_designer", learning_person(i)->name);
	for (int i = 0; i < N_TRAINERS; i++)
	{
		sprintf(key, "trainer:%d", i + 1);
		element(key, "trainer", trainer_person(i)->name);
	}
	owned_element("data-set:learning-records", "data_set", "Learning records of all platforms", "D62", "");
	owned_element("data-set:hr-master", "data_set", "HR master data", "D80", "");
	owned_element("data-set:crm", "data_set", "CRM cases and contracts", "D10", "");
	owned_element("data-set:work-orders", "data_set", "Work orders and visits", "D20", "");
	owned_element("data-set:incidents", "data_set", "Incident register", "D85", "");
	owned_element("report:board-okr", "report", "Quarterly OKR report to the board", "D72", "");
	owned_element("report:learning", "report", "Learning dashboard", "D82", "");
	owned_element("report:compliance", "report", "Compliance training report", "D73", "");
	owned_element("report:safety", "report", "Safety report", "D85", "");
	for (int i = 0; i < n_contents; i++)
		content_element(i);
}

static void
content_relations(int number)
{
	const Content *content = &contents[number];
	const char *slug = competencies[content->competency].slug;
	Random		random = random_from(14, (uint64_t) number, 0);
	char		key[80],
				other[80];
	bool		bought = false;

	/* consumer law is tested, but what is meant to teach it is about contracts */
	if (strcmp(slug, "consumer-law") == 0 && content->kind != ASSESSMENT)
		relation(content->key, "teaches", "competency:contract-advice", content->teaches / 2);
	/* about one in fifty teaches nothing that anybody asked for */
	else if (!chance(&random, content->kind == VIDEO || content->kind == EBOOK ? 70 : 0))
	{
		relation(content->key, "teaches", key_of("competency", slug, key), content->teaches);
		if (content->kind == COURSE && chance(&random, 200))
		{
			int			second = (content->competency + 1) % n_competencies;

			if (serves(second, competencies[content->competency].goal) && strcmp(competencies[second].slug, "consumer-law") != 0)
				relation(content->key, "teaches", key_of("competency", competencies[second].slug, key), 300);
		}
	}
	if (content->kind == WEBINAR && chance(&random, 200))
		relation(content->key, "supports", key_of("goal", competencies[content->competency].goal, key), 100);

	/* where it runs; two webinars were never moved from the old system */
	if (content->kind == WEBINAR && number % 29 == 0)
		;
	else if (content->kind == ASSESSMENT && content->platform == EXAMIO && hands_on(content->competency) && chance(&random, 350))
	{
		relation_in(platforms[EXAMIO].key, "delivers", content->key, 1000, "test-bench");
		relation_in(platforms[SIMBENCH].key, "delivers", content->key, 1000, "test-bench");
	}
	else if (content->kind == WEBINAR && chance(&random, 400))
	{
		relation_in(platforms[LIVE_ROOMS].key, "delivers", content->key, 1000, "stream");
		relation_in(platforms[INTRANET].key, "delivers", content->key, 700, "stream");
	}
	else
		relation(platforms[content->platform].key, "delivers", content->key,
				 content->kind == ON_THE_JOB || content->kind == MENTORING ? 400 : 1000);

	/* what it is part of */
	if (content->kind == MODULE)
		relation(content->key, "part_of", contents[content->course].key, 250);
	if (content->kind == ASSESSMENT)
	{
		const int  *list;
		int			n = contents_of(content->competency, COURSE, &list);

		/* courses that end with the test: the first one, all of them where the law asks; certificates rest on it */
		if (!serves(content->competency, "zero-harm") && !serves(content->competency, "trusted-partner") && n > 1)
			n = 1;
		for (int i = 0; i < n && content->platform == EXAMIO; i++)
			relation_in(content->key, "part_of", contents[list[i]].key, 800, "final-test");
		n = contents_of(content->competency, CREDENTIAL, &list);
		for (int i = 0; i < n; i++)
			relation_in(content->key, "part_of", contents[list[i]].key, 1000, "proof");
	}
	if (content->kind == PROGRAM)
	{
		const int  *list;
		int			n = contents_of(content->competency, COURSE, &list);

		for (int i = 0; i < n; i++)
			relation(contents[list[i]].key, "part_of", content->key, 500);
	}

	/* who supplies it, who makes it, with what, who gives it */
	if (content->kind != MODULE && content->kind != ON_THE_JOB && content->kind != MENTORING && content->kind != PROGRAM)
		for (int v = 4; v < N_VENDORS && !bought; v++)
			if (listed(vendors[v].does, slug) && chance(&random, 750))
			{
				bought = true;
				relation(key_of("vendor", vendors[v].slug, other), "provides", content->key, 400);
			}
	if (content->kind == COURSE || content->kind == ASSESSMENT || content->kind == PROGRAM || content->kind == ON_THE_JOB)
		relation(designer_key(bought ? N_DESIGNERS - 1 : content->competency % (N_DESIGNERS - 1), other), "designs",
				 content->key, bought ? 50 : 100);
	if (content->kind == COURSE && !bought)
	{
		relation_in(platforms[AUTHORLAB].key, "provides", content->key, 200, "authoring");
		if (chance(&random, 500))
			relation_in(platforms[COURSECRAFT].key, "provides", content->key, 200, "authoring");
	}
	if (content->kind == WEBINAR || content->kind == MENTORING || content->kind == ON_THE_JOB)
	{
		bool		two = chance(&random, 600);

		sprintf(other, "trainer:%d", trainer_number(content->competency) + 1);
		relation_in(other, "trains", content->key, 700, two ? "trainers" : NULL);
		if (two)
		{
			sprintf(other, "trainer:%d", trainer_number(content->competency + 5) + 1);
			relation_in(other, "trains", content->key, 700, "trainers");
		}
	}
}

static void
supports(int competency)
{
	const char *at = competencies[competency].supports;
	char		key[80],
				target[80];

	while (*at)
	{
		const char *colon = strchr(at, ':');
		size_t		length = (size_t) (strchr(colon + 1, ':') - at);

		snprintf(target, sizeof(target), "%.*s", (int) length, at);
		relation(key_of("competency", competencies[competency].slug, key), "supports", target, 10 * atoi(at + length + 1));
		at += strcspn(at, ",");
		at += *at == ',';
	}
}

static void
relations(void)
{
	char		key[80],
				other[80];

	for (int i = 0; i < N_GOALS; i++)
	{
		if (goals[i].parent)
		{
			key_of("goal", goals[i].parent, other);
			relation(key_of("goal", goals[i].slug, key), "contributes_to", other, 1000);
		}
		relation(goals[i].sponsor, "leads", key_of("goal", goals[i].slug, key), 1000);
	}
	for (int i = 0; i < N_KEY_RESULTS; i++)
	{
		static const char *const feeds[][2] = {
			{"cut-churn", "data-set:crm"}, {"loyal-customers", "data-set:crm"}, {"first-time-fix", "data-set:work-orders"},
			{"zero-harm", "data-set:incidents"}, {"trusted-partner", "data-set:learning-records"},
			{"data-decisions", "data-set:learning-records"}, {"strong-leaders", "data-set:hr-master"}
		};

		key_of("key-result", key_results[i].slug, key);
		relation(key, "indicates", key_of("goal", key_results[i].goal, other), 1000);
		key_of("measure", key_results[i].slug, other);
		relation(other, "indicates", key, 1000);
		relation(other, "informs", "report:board-okr", 500);
		for (int f = 0; f < 7; f++)
			if (strcmp(feeds[f][0], key_results[i].goal) == 0)
				relation(feeds[f][1], "feeds", other, 1000);
	}
	for (int i = 0; i < n_competencies; i++)
		supports(i);
	for (int i = 0; i < N_PLATFORMS; i++)
	{
		if (platforms[i].vendor)
			relation(key_of("vendor", platforms[i].vendor, key), "provides", platforms[i].key, 1000);
		if (i != RECORDS)
			relation(platforms[i].key, "feeds", platforms[RECORDS].key, 300);
	}
	relation("vendor:nordcloud", "provides", platforms[CAMPUS].key, 900);
	relation("vendor:nordcloud", "provides", platforms[RECORDS].key, 900);
	relation("vendor:nordcloud", "provides", platforms[INTRANET].key, 700);
	relation(platforms[INTRANET].key, "hosts", platforms[MENTOR_MATCH].key, 600);
	relation(platforms[CAMPUS].key, "hosts", platforms[BADGEHOUSE].key, 500);
	relation(platforms[RECORDS].key, "feeds", "data-set:learning-records", 1000);
	relation(platforms[FIELD_APP].key, "feeds", "data-set:work-orders", 1000);
	relation("data-set:learning-records", "feeds", "report:learning", 1000);
	relation("data-set:learning-records", "feeds", "report:compliance", 1000);
	relation("data-set:hr-master", "feeds", "report:compliance", 700);
	relation("data-set:incidents", "feeds", "report:safety", 1000);
	relation("report:board-okr", "informs", "manager:cco", 500);
	relation("report:learning", "informs", "manager:chro", 500);
	relation("report:compliance", "informs", "manager:general-counsel", 800);
	relation("report:safety", "informs", "manager:coo", 800);
	relation("manager:head-service", "leads", "role:service-agent", 1000);
	relation("manager:head-service", "leads", "role:retention-agent", 1000);
	relation("manager:head-field", "leads", "role:field-technician", 1000);
	relation("manager:coo", "leads", "role:warehouse-operator", 1000);
	relation("manager:cto", "leads", "role:data-analyst", 1000);
	for (int i = 0; i < N_OTHERS; i++)
		for (const char *at = others[i].about; at && *at; at += strcspn(at, ","), at += *at == ',')
		{
			const char *kind = strcmp(others[i].kind, "policy") == 0 ? "mandates"
				: strcmp(others[i].kind, "customer") == 0 ? "needs" : "related_to";

			snprintf(other, sizeof(other), "competency:%.*s", (int) strcspn(at, ","), at);
			relation(others[i].key, kind, other, 800);
		}
	for (int i = 0; i < n_contents; i++)
		content_relations(i);
	/* courses of one competency are taken in order */
	for (int i = 0; i < n_competencies; i++)
	{
		const int  *list;
		int			n = contents_of(i, COURSE, &list);

		for (int c = 1; c < n; c++)
			relation(contents[list[c - 1]].key, "precedes", contents[list[c]].key, 500);
	}
}

static void
section(const char *name, void (*write) (void), bool last)
{
	fprintf(out, "\"%s\": [", name);
	first_line = true;
	write();
	fprintf(out, "\n]%s\n", last ? "" : ",");
}

static void
all_requirements(void)
{
	requirements(NULL, required_of_everybody);
	for (int i = 0; i < n_jobs; i++)
		requirements(jobs[i].code, jobs[i].requirements);
}

/* Quarterly values of each measure, from the baseline towards the actual. */
static void
write_observations(const char *folder)
{
	FILE	   *file = open_output(folder, "okr_observations.csv");
	char		date[16],
				buffer[24];

	fprintf(file, "measure,observed_on,value\n");
	for (int i = 0; i < N_KEY_RESULTS; i++)
		for (int quarter = 0; quarter <= 12; quarter++)
		{
			const KeyResult *kr = &key_results[i];
			Random		random = random_from(15, (uint64_t) i, (uint64_t) quarter);
			int			way = kr->actual - kr->baseline;
			int			value = kr->baseline + (int) ((int64_t) way * quarter / 12);

			if (quarter > 0 && quarter < 12)
				value += (int) ((int64_t) way * between(&random, -80, 80) / 1000);
			date_text(FIRST_DAY + quarter * (LAST_DAY - FIRST_DAY) / 12, date);
			fprintf(file, "measure:%s,%s,%s\n", kr->slug, date,
					permille_text(value - value % (value > 100000 ? 1000 : 100), buffer));
		}
	close_output(file, "okr_observations.csv");
}

void
write_model(const char *folder)
{
	out = open_output(folder, "model.json");
	fprintf(out, "{\n");
	section("elements", elements, false);
	section("relations", relations, false);
	section("requirements", all_requirements, true);
	fprintf(out, "}\n");
	close_output(out, "model.json");
	write_observations(folder);
}
