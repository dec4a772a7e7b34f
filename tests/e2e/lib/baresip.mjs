// baresip.mjs - a real softphone: baresip 1.0, driven over its ctrl_tcp module
import {spawn} from 'node:child_process';
import {closeSync, mkdirSync, openSync, readFileSync, readdirSync,
	writeFileSync} from 'node:fs';
import net from 'node:net';

import {RATE, correlation, readWav, sweep, writeWav} from './audio.mjs';
import {Message} from './sip.mjs';
import {leash, sleep, until} from './wait.mjs';

const RECORD_S = 60; // of sound to send: the end of the file ends the call
// SIP and control ports, ten for each; other ones in each run, since the kernel
// keeps those of the last run busy for a while.
let nextPort = 10000 + process.pid % 900 * 10;

const config = (b) => `
sip_listen ${b.ip}:${b.port}
${b.transport === 'tls' ? `sip_certificate ${b.stack.dir}/tls/agent.pem
sip_cafile ${b.stack.dir}/tls/cafile.pem` : ''}
net_interface ${b.ip}
audio_source aufile,${b.dir}/sent.wav
audio_player aubridge,nil
audio_alert aubridge,nilalert
ausrc_srate ${RATE}
auplay_srate ${RATE}
ausrc_channels 1
auplay_channels 1
rtp_ports ${b.port + 10000}-${b.port + 10009}
module_path ${b.modules}
module g711.so
module g722.so
module opus.so
module aufile.so
module aubridge.so
module sndfile.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
${b.mediaenc ? 'module srtp.so' : ''}
snd_path ${b.dir}
ctrl_tcp_listen ${b.ip}:${b.port + 5}
`;

const account = (b) => `<sip:${b.user}@${b.domain};transport=${b.transport}>`
	+ `;auth_user=${b.user};auth_pass=${b.password}`
	+ `;outbound="sip:${b.server.host}:${b.server.port};transport=${b.transport}"`
	+ `;regint=120;answermode=${b.answer ? 'auto' : 'manual'}`
	+ `;audio_codecs=${b.codec}${b.mediaenc ? `;mediaenc=${b.mediaenc}` : ''}\n`;

// It binds RTP to no address, so the kernel sends it from 127.0.0.1: the phone
// must be there altogether, as a relay takes RTP only from where a phone is.
const IP = '127.0.0.1';

export class Baresip {
	constructor(options) {
		Object.assign(this, {ip: IP, transport: 'udp', codec: 'PCMU/8000/1',
			answer: false, modules: '/usr/lib/baresip/modules'}, options);
		this.port = nextPort;
		nextPort += 10;
		this.server = this.transport === 'tls' ? this.stack.tls
			: this.stack.server;
		this.events = [];
	}

	async open() {
		mkdirSync(this.dir, {recursive: true});
		this.sent = sweep(RECORD_S);
		writeWav(`${this.dir}/sent.wav`, this.sent);
		writeFileSync(`${this.dir}/config`, config(this));
		writeFileSync(`${this.dir}/accounts`, account(this));
		writeFileSync(`${this.dir}/contacts`, '');
		const out = openSync(`${this.dir}/log`, 'w');
		this.child = leash(spawn('baresip', ['-4', '-s', '-f', this.dir],
			{cwd: this.dir, stdio: ['pipe', out, out]}));
		this.child.on('exit', (code) => this.exited = code ?? 1);
		closeSync(out);
		await until(() => this.#connect(), 8000,
			() => `control of baresip; see ${this.dir}/log`);
		await until(() => this.messages().some(({msg}) => msg.status === 200
			&& msg.cseq.method === 'REGISTER'), 8000,
		() => `registration of baresip ${this.user}; see ${this.dir}/log`);
		return this;
	}

	async #connect() {
		const socket = net.connect(this.port + 5, this.ip);
		const ok = await new Promise((done) => {
			socket.once('connect', () => done(true));
			socket.once('error', () => done(false));
		});
		if (!ok)
			return false;
		let buffer = Buffer.alloc(0);
		socket.on('error', () => {});
		socket.on('data', (d) => buffer = this.#parse(Buffer.concat([buffer, d])));
		this.socket = socket;
		return this.command('reginfo').then(() => true);
	}

	/** Netstrings: "12:{...},". @return what is left */
	#parse(buffer) {
		for (;;) {
			const colon = buffer.indexOf(':');
			const n = Number(buffer.toString('latin1', 0, colon));
			if (colon < 0 || buffer.length < colon + 1 + n + 1)
				return buffer;
			const item = JSON.parse(buffer.toString('utf8', colon + 1,
				colon + 1 + n));
			buffer = buffer.subarray(colon + 1 + n + 1);
			this.events.push(item);
		}
	}

	async command(command, params) {
		const text = JSON.stringify({command, params, token: 't'});
		const before = this.events.length;
		this.socket.write(`${Buffer.byteLength(text)}:${text},`);
		return until(() => this.events.slice(before).find((e) => e.response),
			4000, `answer of baresip to ${command}`);
	}

	/** Wait for an event; the n-th of its kind. */
	async event(type, ms = 10000, n = 1) {
		const found = () => this.events.filter((e) => e.type === type);
		await until(() => this.exited !== undefined || found().length >= n, ms,
			() => `${type} of baresip ${this.user}; got ${this.events
				.map((e) => e.type).filter(Boolean)}; see ${this.dir}/log`);
		if (this.exited !== undefined)
			throw new Error(`baresip ended; see ${this.dir}/log`);
		return found()[n - 1];
	}

	async dial(to) {
		await this.command('dial', to.includes(':') ? to
			: `sip:${to}@${this.domain}`);
	}

	/** What it has heard so far (the sndfile module writes as it plays). */
	heard() {
		const file = readdirSync(this.dir).filter((f) => f.endsWith('-dec.wav'))
			.sort().pop();
		return file ? readWav(`${this.dir}/${file}`) : new Int16Array(0);
	}

	/** Did the sound of @p other arrive, undamaged? A quarter of a second of
	 *  what was heard is looked for in what was sent at about that time. */
	async hearsRecordingOf(other, {least = 0.99, ms = 12000} = {}) {
		const end = performance.now() + ms;
		for (let best = 0; ; await sleep(300)) {
			const heard = this.heard();
			const at = heard.length - RATE;
			if (at > RATE / 2)
				best = Math.max(best, correlation(heard.subarray(at, at + RATE / 4),
					other.sent.subarray(Math.max(0, at - RATE), at + 2 * RATE)));
			if (best >= least)
				return best;
			if (performance.now() > end)
				throw new Error(`sound of ${other.user} at ${this.user}: `
					+ `correlation ${best.toFixed(3)}`);
		}
	}

	/** The SIP messages of its log, in order: {out, text}. */
	messages() {
		const log = readFileSync(`${this.dir}/log`, 'latin1');
		const trace = /\x1b\[36;1m#\n(\w+) (\S+) -> (\S+)\n([^]*?)\x1b\[;m/g;
		return [...log.matchAll(trace)].map(([, , from, , text]) => ({
			out: from === `${this.ip}:${this.port}` || text.startsWith('REGISTER'),
			msg: Message.parse(text)}));
	}

	async close() {
		this.socket?.destroy();
		if (this.exited !== undefined)
			return;
		this.child.kill('SIGTERM');
		for (let i = 0; i < 20 && this.exited === undefined; i++)
			await sleep(50);
		if (this.exited === undefined)
			this.child.kill('SIGKILL');
	}
}
