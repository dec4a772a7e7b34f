/*
 * fuzz_call-controller__call.c - any events in any order
 */
#include "call_events.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char voice_document[] =
	"<Response><Start><Recording recordingStatusCallback='/r'/></Start>"
	"<Say>One <break/></Say><Gather input='dtmf speech' "
	"partialResultCallback='/p' hints='a, b'><Say>Two</Say><Pause/>"
	"<Play>three.wav</Play></Gather><Record transcribe='true' "
	"transcribeCallback='/t' recordingStatusCallback='/r'/></Response>";

static const char screen_document[] =
	"<Response><Dial record='record-from-ringing-dual' action='/a'>"
	"<Sip url='/w' sendDigits='12' machineDetection='Enable' "
	"amdStatusCallback='/m'>a@example.test</Sip><Number url='/w'>"
	"+14155550100</Number></Dial><Play digits='1'/></Response>";

static const char *const documents[] = {
	"<Response><Dial>+14155550100</Dial><Redirect/></Response>",
	"<Response><Dial answerOnBridge='true' action='/a' timeout='9'>"
	"<Sip statusCallback='/cb'>kate@example.test?x-a=1</Sip>"
	"<Number>+14155550100</Number></Dial><Pause/></Response>",
	"<Response><Dial sequential='true' hangupOnStar='true'>"
	"<Sip>a@example.test</Sip><Sip>b@example.test</Sip></Dial>"
	"<Dial>12</Dial><Reject/></Response>",
	"<Response><Pause/><Dial><Sip>a@b</Sip></Dial><Hangup/></Response>",
	"<Response><Redirect>x</Redirect></Response>",
	voice_document,
	screen_document,
	"<Response><Gather bargeIn='false' actionOnEmptyResult='true'>"
	"<Say>Press</Say></Gather></Response>",
	"<Response/>",
	"<broken",
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};

	run_call(&in, documents, sizeof(documents) / sizeof(*documents));
	return 0;
}
