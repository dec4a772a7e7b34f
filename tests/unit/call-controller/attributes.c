/*
 * attributes.c - every attribute of the verbs and nouns, told as a table
 */
#include "attributes.h"

#include "unit/test.h"

#define EVENTS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define ANSWER      "ready", "1 ack"
#define CHILD                                                                  \
	"ready", "1 ack", "2 180", "2 200 PCMU", "ready", "recording",         \
		"machine B human", "played",                                   \
		"doc <Response><Say>w</Say></Response>", "played",             \
		"digit A 1", "digit A *", "2 bye", "2 ended", "recorded 5000"

#define DIAL_TO(noun) "<Dial action='/next'>" noun "</Dial>"

const struct place places[] = {
	{"Say", "<Say %s>hello</Say><Pause/>", EVENTS(ANSWER, "played")},
	{"Gather/Say", "<Gather><Say %s>hello</Say></Gather>", EVENTS(ANSWER)},
	{"Play", "<Play %s>a.wav</Play><Pause/>", EVENTS(ANSWER, "played")},
	{"Gather/Play", "<Gather><Play %s>a.wav</Play></Gather>",
         EVENTS(ANSWER)},
	{"Pause", "<Pause %s/><Say>hello</Say>", EVENTS("timer verb", ANSWER)},
	{"Gather/Pause", "<Gather><Pause %s/></Gather>", EVENTS(ANSWER)},
	{"Gather", "<Gather %s><Say>hello</Say></Gather><Pause length='9'/>",
         EVENTS(ANSWER, "word A she", "word A she sells shit", "played",
                "said A she sells shit", "digit A 1", "digit A 2", "digit A *",
                "digit A #", "played", "timer verb")},
	{"Record", "<Record %s/><Pause length='9'/>",
         EVENTS(ANSWER, "recording", "digit A 3", "recorded 60000",
                "transcribed hello")},
	{"Redirect", "<Redirect %s>/other</Redirect>",
         EVENTS("doc <Response/>")},
	{"Reject", "<Reject %s/>", EVENTS("1 ack")},
	{"Dial",
         "<Dial %s><Sip>kate@example.test</Sip><Sip>joe@example.test</Sip>"
         "</Dial><Pause length='9'/>",
         EVENTS("resolve B fork 1", "resolve C fork 1", CHILD, "timer verb")},
	{"Dial/Sip", DIAL_TO("<Sip %s>kate@example.test</Sip>"),
         EVENTS("resolve B fork 1", CHILD)},
	{"Dial/Number", DIAL_TO("<Number %s>+14155550100</Number>"),
         EVENTS("resolve B failover 1 owned", CHILD)},
	{"Dial/Sip/Uri",
         DIAL_TO("<Sip><Uri priority='2'>a@example.com</Uri>"
                 "<Uri %s>b@example.com</Uri></Sip>"),
         EVENTS("resolve B failover 1", CHILD)},
	{"Start/Recording", "<Start><Recording %s/></Start><Gather/>",
         EVENTS(ANSWER, "recording", "recorded 5000")},
};
const size_t n_places = N_OF(places);

/* Of <Dial>, <Record> and <Recording>: method_code is that of a bad method */
#define CALLBACK(path, needs, method_code)                                     \
	{path,                                                                 \
	 "recordingStatusCallback",                                            \
	 NULL,                                                                 \
	 "/rec",                                                               \
	 "tell:/rec?completed",                                                \
	 "http://h/x|https://u:p@h:8443/x?y#rc=2",                             \
	 "ftp://x|http://[|http://a b|http://my_host/x",                       \
	 "13256W",                                                             \
	 needs,                                                                \
	 NULL},                                                                \
		{path,                                                         \
	         "recordingStatusCallbackMethod",                              \
	         "POST>/rec",                                                  \
	         "GET",                                                        \
	         "GET>/rec",                                                   \
	         "POST",                                                       \
	         "get|PUT|",                                                   \
	         method_code,                                                  \
	         "recordingStatusCallback='/rec' " needs,                      \
	         NULL},                                                        \
	{                                                                      \
		path, "recordingStatusCallbackEvent", "tell:/rec?completed",   \
			"in-progress", "tell:/rec?in-progress",                \
			"completed|absent|in-progress completed absent|",      \
			"complete|COMPLETED|answered", "13621W",               \
			"recordingStatusCallback='/rec' " needs, NULL          \
	}

#define LATER(path, name)                                                      \
	{                                                                      \
		path, name, NULL, NULL, NULL, NULL, "x|", "12200W", NULL, NULL \
	}

/* What <Sip> and <Number> have both */
#define DETECT "machineDetection='Enable'"
#define NOUN(path, method_code, digits_code)                                   \
	{path,                                                                 \
	 "statusCallback",                                                     \
	 NULL,                                                                 \
	 "/cb",                                                                \
	 "tell:/cb?completed",                                                 \
	 "http://h/x",                                                         \
	 "ftp://x|http://[|http://my_host/x",                                  \
	 "11100E",                                                             \
	 NULL,                                                                 \
	 NULL},                                                                \
		{path,                                                         \
	         "statusCallbackMethod",                                       \
	         "POST>/cb",                                                   \
	         "GET",                                                        \
	         "GET>/cb",                                                    \
	         "POST",                                                       \
	         "get|x|",                                                     \
	         method_code,                                                  \
	         "statusCallback='/cb'",                                       \
	         NULL},                                                        \
		{path,                                                         \
	         "statusCallbackEvent",                                        \
	         "tell:/cb?completed",                                         \
	         "initiated",                                                  \
	         "tell:/cb?initiated",                                         \
	         "initiated ringing answered completed|",                      \
	         "busy|Ringing",                                               \
	         "12200W",                                                     \
	         "statusCallback='/cb'",                                       \
	         NULL},                                                        \
		{path,                                                         \
	         "url",                                                        \
	         NULL,                                                         \
	         "/w",                                                         \
	         "POST:/w",                                                    \
	         "http://h/x",                                                 \
	         "ftp://x|http://[",                                           \
	         "11100E",                                                     \
	         NULL,                                                         \
	         NULL},                                                        \
		{path,   "method", "POST:/w",   "GET",      "GET:/w",          \
	         "POST", "get|x|", method_code, "url='/w'", NULL},             \
		{path,       "sendDigits", NULL,                               \
	         "1w2",      "keys(1w2)",  "0123456789ABCD*#wW|",              \
	         "x|1 2|+1", digits_code,  NULL,                               \
	         NULL},                                                        \
		{path,                                                         \
	         "machineDetection",                                           \
	         NULL,                                                         \
	         "Enable",                                                     \
	         "B<A?",                                                       \
	         "DetectMessageEnd",                                           \
	         "x|enable|true",                                              \
	         "12200W",                                                     \
	         NULL,                                                         \
	         NULL},                                                        \
		{path,         "machineDetection",                             \
	         NULL,         "DetectMessageEnd",                             \
	         "detect(end", NULL,                                           \
	         NULL,         NULL,                                           \
	         NULL,         NULL},                                          \
		{path,                                                         \
	         "machineDetectionTimeout",                                    \
	         "timeout=30000",                                              \
	         "20",                                                         \
	         "timeout=20000",                                              \
	         "3|60",                                                       \
	         "2|61|x|",                                                    \
	         "12200W",                                                     \
	         DETECT,                                                       \
	         NULL},                                                        \
		{path,          "machineDetectionSpeechThreshold",             \
	         "speech=2400", "2000",                                        \
	         "speech=2000", "1000|6000",                                   \
	         "999|6001|x",  "12200W",                                      \
	         DETECT,        NULL},                                         \
		{path,         "machineDetectionSpeechEndThreshold",           \
	         "pause=1200", "900",                                          \
	         "pause=900",  "500|5000",                                     \
	         "499|5001|x", "12200W",                                       \
	         DETECT,       NULL},                                          \
		{path,           "machineDetectionSilenceTimeout",             \
	         "silence=5000", "3000",                                       \
	         "silence=3000", "2000|10000",                                 \
	         "1999|10001|x", "12200W",                                     \
	         DETECT,         NULL},                                        \
		{path,                                                         \
	         "amdStatusCallback",                                          \
	         NULL,                                                         \
	         "/amd",                                                       \
	         "tell:/amd?human",                                            \
	         "http://h/x",                                                 \
	         "ftp://x|http://[|http://my_host/",                           \
	         "11100E",                                                     \
	         DETECT,                                                       \
	         NULL},                                                        \
	{                                                                      \
		path, "amdStatusCallbackMethod", "POST>/amd", "GET",           \
			"GET>/amd", "POST", "x|get|", "12200W",                \
			DETECT " amdStatusCallback='/amd'", NULL               \
	}

#define LONG_64                                                                \
	"0123456789012345678901234567890123456789012345678901234567890123"
#define UMLAUTS_10                                                             \
	"\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3" \
	"\xa4\xc3\xa4"
#define UMLAUTS_50  UMLAUTS_10 UMLAUTS_10 UMLAUTS_10 UMLAUTS_10 UMLAUTS_10
#define UMLAUTS_100 UMLAUTS_50 UMLAUTS_50
#define LONG_256    LONG_64 LONG_64 LONG_64 LONG_64

// clang-format off
/*       path        name       default       good         seen         fine       bad     alert   beside, instead */
const struct attribute attributes[] = {
	{"Say", "voice", "say(hello)", "alice", "say(hello|alice|en-US)",
	 "man|woman|Polly.Amy|Polly.Joanna-Neural|Polly.Ruth-Generative|Google.fr-FR-Wavenet-A", "nobody|Polly.|Polly.a b|polly.Amy|", "13511W", NULL, NULL},
	{"Say", "language", "say(hello)", "fr-FR", "say(hello||fr-FR)",
	 "en|cmn-CN|zh-Hans-CN", "French|f|fr_FR|fr-|12|fr-aaaaaaaa-bbbbbbbb-cccccccc-dddddddd", "13512W", NULL, NULL},
	{"Say", "loop", "{say(hello)}", "3", "{say(hello)*3}", "0|1|1000", "-1|1001|x|", "13510W", NULL, NULL},
	{"Say", "loop", NULL, "0", "{say(hello)*1000}", NULL, NULL, NULL, NULL, NULL},
	{"Gather/Say", "voice", "say(hello)", "woman", "say(hello|woman|en-US)", NULL, "nobody", "13321W", NULL, NULL},
	{"Gather/Say", "language", "say(hello)", "fr-FR", "say(hello||fr-FR)", NULL, "French", "13512W", NULL, NULL},
	{"Gather/Say", "loop", "say(hello)#", "3", "say(hello)*3#", "0|1000", "-1|1001|x", "13322W", NULL, NULL},

	{"Play", "loop", "{play(/a.wav)}", "2", "{play(/a.wav)*2}", "0|1|1000", "-1|1001|x|", "13410W", NULL, NULL},
	{"Play", "loop", NULL, "0", "{play(/a.wav)*1000}", NULL, NULL, NULL, NULL, NULL},
	{"Play", "digits", "play(/a.wav)", "1wW#", "keys(1wW#)", "0123456789ABCD*#wW|", "1x|1 2|a|+", "13430W", NULL, NULL},
	{"Gather/Play", "loop", "play(/a.wav)#", "2", "play(/a.wav)*2#", "0|1000", "-1|1001|x", "13410W", NULL, NULL},
	{"Gather/Play", "digits", NULL, NULL, NULL, "", "1|x", "13430W", NULL, NULL},

	{"Pause", "length", "verb=1 ", "7", "verb=7 ", "1|14400", "0|-1|14401|x|1.5|", "13910W", NULL, NULL},
	{"Gather/Pause", "length", "pause(1000)", "7", "pause(7000)", NULL, "0|x", "13910W", NULL, NULL},

	{"Gather", "action", "POST:/voice Digits", "/keys", "POST:/keys", "keys?a=b", "ftp://x|http://[|a b", "11100E", NULL, "apology=15"},
	{"Gather", "method", "POST:/voice Digits", "GET", "GET:/voice Digits", "POST", "get|PUT|", "13312W", NULL, NULL},
	{"Gather", "input", "Digits=12*|", "speech", "SpeechResult=", "dtmf|speech dtmf| dtmf  speech ", "voice|dtmf dtmf|dtmf,speech|", "13326W", NULL, NULL},
	{"Gather", "input", NULL, "dtmf speech", "#@en-US", NULL, NULL, NULL, NULL, NULL},
	{"Gather", "timeout", "verb=5 ", "7", "verb=7 ", "1|14400|auto", "0|-1|14401|x|1.5|", "13313W", NULL, NULL},
	{"Gather", "speechTimeout", "silence=5000", "2", "silence=2000", "1|14400|auto|", "0|-1|14401|soon|1.5", "13327W", "input='speech'", NULL},
	{"Gather", "speechTimeout", NULL, "auto", "silence=0", NULL, NULL, NULL, "input='speech'", NULL},
	{"Gather", "speechTimeout", NULL, NULL, NULL, NULL, "auto", "13335W", "input='speech' speechModel='phone_call'", NULL},
	{"Gather", "maxSpeechTime", "longest=60000", "10", "longest=10000", "1|60", "0|61|x|", "13328W", "input='speech'", NULL},
	{"Gather", "numDigits", "Digits=12*|", "2", "Digits=12|", "1|256", "0|-1|257|x|", "13314W", NULL, NULL},
	{"Gather", "finishOnKey", "FinishedOnKey=#|", "*", "FinishedOnKey=*|", "#|0|9|", "A|12|##|x", "13310W", NULL, NULL},
	{"Gather", "finishOnKey", NULL, "", "Digits=12*#|", NULL, NULL, NULL, NULL, NULL},
	{"Gather", "actionOnEmptyResult", NULL, "true", "POST:/voice Digits=|FinishedOnKey=1|", "false", "x|True|1|", "12200W", "finishOnKey='1'", NULL},
	{"Gather", "bargeIn", NULL, "false", "}#=)", "true", "maybe|", "13332W", NULL, NULL},
	{"Gather", "language", "@en-US", "de-DE", "@de-DE", "en|cmn-Hans-CN", "German|x|de-aaaaaaaa-bbbbbbbb-cccccccc-dddddddd|", "13331W", "input='speech'", NULL},
	{"Gather", "hints", "hints()", "yes, no", "hints(yes/no/)", "a,,b,||" UMLAUTS_100, LONG_64 LONG_64 "|" UMLAUTS_100 "a", "13330W", "input='speech'", NULL},
	{"Gather", "profanityFilter", "SpeechResult=she sells s***|", "false", "SpeechResult=she sells shit|", "true", "x|", "13333W", "input='speech'", NULL},
	{"Gather", "speechModel", NULL, "phone_call", NULL, "default|numbers_and_commands|experimental_utterances", "x|", "13334W", "input='speech'", NULL},
	{"Gather", "enhanced", NULL, "true", NULL, "false", "x|", "12200W", "input='speech'", NULL},
	{"Gather", "debug", NULL, "true", NULL, "false", "x|", "12200W", "input='speech'", NULL},
	{"Gather", "partialResultCallback", NULL, "/part", "tell:/part?she", "http://h/x", "ftp://x|http://[|http://my_host/", "11100E", "input='speech'", NULL},
	{"Gather", "partialResultCallbackMethod", "POST>/part", "GET", "GET>/part", "POST", "x|get|", "13329W", "input='speech' partialResultCallback='/part'", NULL},

	{"Record", "action", "POST:/voice Rec", "/message", "POST:/message", "x?y=z", "ftp://x|http://[", "11100E", NULL, "apology=15"},
	{"Record", "method", "POST:/voice Rec", "GET", "GET:/voice Rec", "POST", "x|get|", "13610W", NULL, NULL},
	{"Record", "timeout", "/3600/5)", "9", "/3600/9)", "0|14400", "-1|14401|x|", "13611W", NULL, NULL},
	{"Record", "timeout", NULL, "0", "/3600/0)", NULL, NULL, NULL, NULL, NULL},
	{"Record", "maxLength", "/3600/5)", "30", "/30/5)", "2|14400", "1|0|-1|14401|x|", "13612W", NULL, NULL},
	{"Record", "maxLength", "/120/5)", "60", "/60/5)", NULL, "121|3600", "13615W", "transcribe='true'", "RecordVerb"},
	{"Record", "finishOnKey", "Digits=3|", "12", NULL, "1234567890*#|", "A|1 2|x", "13613W", NULL, NULL},
	{"Record", "playBeep", "/in/beep/", "false", "/in/trim/", "true", "x|", "13616W", NULL, NULL},
	{"Record", "trim", "/beep/trim/", "do-not-trim", "/beep/3600", "trim-silence", "x|true|", "13699W", NULL, NULL},
	{"Record", "transcribe", NULL, "true", "transcription(completed)", "false", "x|", "13614W", NULL, NULL},
	{"Record", "transcribeCallback", NULL, "/text", "tell:/text?hello", "http://h/x", "ftp://x|http://[|http://my_host/", "13257E", "transcribe='true'", NULL},
	{"Record", "transcribeCallback", NULL, NULL, NULL, NULL, "/text", "13257E", NULL, NULL},
	CALLBACK("Record", "", "13610W"),
	LATER("Record", "recordingConfigurationId"),

	{"Dial", "action", NULL, "/next", "POST:/next DialCallStatus=completed|", "x?y=z", "ftp://x|http://[", "11100E", NULL, "apology=15"},
	{"Dial", "method", "POST:/next", "GET", "GET:/next", "POST", "x|get|", "13210W", "action='/next'", NULL},
	{"Dial", "timeout", "verb=30 ", "10", "verb=10 ", "5|600", "4|601|0|x|", "13212W", NULL, NULL},
	{"Dial", "timeLimit", "limit=14400 ", "60", "limit=60 ", "1|14400", "0|14401|x|", "13216W", NULL, NULL},
	{"Dial", "callerId", "from sip:+15550000001@", "kate.s-1_x", "from sip:kate.s-1_x@", "+15550000009|(415) 555-1212|", "a b|&lt;kate>|k%40|\xc3\xa4", "13214W", NULL, "verb=9 "},
	{"Dial", "callerId", NULL, LONG_64, "from sip:" LONG_64 "@", NULL, LONG_64 "x", "13248W", NULL, "verb=9 "},
	{"Dial", "answerOnBridge", "1:200+PCMU A=in-progress 2:INVITE", "true", "1:200+PCMU A=in-progress media(A<B", "false", "x|", "13219W", NULL, NULL},
	{"Dial", "hangupOnStar", NULL, "true", "2:BYE", "false", "x|", "13213W", NULL, NULL},
	{"Dial", "sequential", "C=queued", "true", "resolve(B,sip:kate@example.test) verb=30 ", "false", "x|", "13218W", NULL, NULL},
	{"Dial", "ringTone", "ringback-us,", "de", "ringback-de,",
	 "at|au|bg|br|be|ch|cl|cn|cz|de|dk|ee|es|fi|fr|gr|hu|il|in|it|lt|jp|mx|my|nl|no|nz|ph|pl|pt|ru|se|sg|th|uk|us|us-old|tw|ve|za",
	 "xx|US|us-|us us-old|us-old2|", "13220W", NULL, NULL},
	{"Dial", "record", NULL, "record-from-answer", ";DialVerb/both)", "do-not-record|false|true|record-from-ringing|record-from-answer-dual|record-from-ringing-dual", "always|", "13217W", NULL, NULL},
	{"Dial", "record", NULL, "true", ";DialVerb/both)", NULL, NULL, NULL, NULL, NULL},
	{"Dial", "record", NULL, "record-from-answer-dual", "A<B,B<A;DialVerb/both/dual)", NULL, NULL, NULL, NULL, NULL},
	{"Dial", "record", NULL, "record-from-ringing", "B,C;DialVerb/both)", NULL, NULL, NULL, NULL, NULL},
	{"Dial", "record", NULL, "record-from-ringing-dual", "B,C;DialVerb/both/dual)", NULL, NULL, NULL, NULL, NULL},
	{"Dial", "recordingTrack", "DialVerb/both/dual)", "inbound", "DialVerb/in)", "both|outbound", "x|", "13622W", "record='record-from-answer-dual'", NULL},
	{"Dial", "recordingTrack", NULL, "outbound", "DialVerb/out)", NULL, NULL, NULL, "record='record-from-answer-dual'", NULL},
	{"Dial", "trim", "DialVerb/both)", "trim-silence", "DialVerb/both/trim)", "do-not-trim", "x|", "13699W", "record='true'", NULL},
	CALLBACK("Dial", "record='true'", "13210W"),
	LATER("Dial", "callReason"),
	LATER("Dial", "referUrl"),
	LATER("Dial", "referMethod"),
	LATER("Dial", "events"),
	LATER("Dial", "recordingConfigurationId"),

	NOUN("Dial/Sip", "13241W", "13242W"),
	{"Dial/Sip", "username", "as : ", "kate", "as kate: ", "", LONG_256, "13249W", NULL, NULL},
	{"Dial/Sip", "password", "as kate: ", "x", "as kate:x ", "", LONG_256, "13249W", "username='kate'", "as : "},
	NOUN("Dial/Number", "13221W", "13222W"),
	LATER("Dial/Number", "byoc"),
	{"Dial/Sip/Uri", "username", "as : ", "kate", "as kate: ", "", LONG_256, "13249W", NULL, NULL},
	{"Dial/Sip/Uri", "password", "as kate: ", "x", "as kate:x ", "", LONG_256, "13249W", "username='kate'", "as : "},
	{"Dial/Sip/Uri", "priority", "resolve(B,sip:b@", "3", "resolve(B,sip:a@", "0|65535", "-1|65536|x|", "12200W", NULL, NULL},
	{"Dial/Sip/Uri", "weight", NULL, "65535", "resolve(B,sip:b@", "0|65535", "-1|65536|x|", "12200W", "priority='2'", NULL},

	{"Redirect", "method", "POST:/other", "GET", "GET:/other", "POST", "get|x|", "13710W", NULL, NULL},
	{"Reject", "reason", "1:404 A=no-answer", "busy", "1:486 A=busy", "rejected", "never|Busy|", "13810W", NULL, NULL},

	{"Start/Recording", "channels", "/both/dual)", "mono", "/both)", "dual", "x|", "12200W", NULL, NULL},
	{"Start/Recording", "track", "/both/dual)", "inbound", "/in)", "both|outbound", "x|", "13622W", NULL, NULL},
	{"Start/Recording", "track", NULL, "outbound", "/out)", NULL, NULL, NULL, NULL, NULL},
	{"Start/Recording", "trim", "/both/dual)", "trim-silence", "/both/dual/trim)", "do-not-trim", "x|", "13699W", NULL, NULL},
	CALLBACK("Start/Recording", "", "12200W"),
};
// clang-format on
const size_t n_attributes = N_OF(attributes);
