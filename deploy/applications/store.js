// store.js - the messages that were left, in a file
import {readFile, rename, writeFile} from 'node:fs/promises';

const file = process.env.MESSAGES_FILE ?? 'messages.json';
let queue = Promise.resolve(); // one change at a time

async function all() {
	try {
		return JSON.parse(await readFile(file, 'utf8'));
	} catch (e) {
		if (e.code === 'ENOENT')
			return [];
		throw e;
	}
}

function change(edit) {
	const done = queue.then(async () => {
		await writeFile(`${file}.new`, JSON.stringify(edit(await all()), null, '\t'));
		await rename(`${file}.new`, file);
	});
	queue = done.catch(() => {});
	return done;
}

export function keepMessage(message) {
	return change((messages) => [...messages, message]);
}

export function dropMessage(sid) {
	return change((messages) => messages.filter((m) => m.sid !== sid));
}

/** Oldest first. */
export async function messagesOf(mailbox) {
	return (await all()).filter((m) => m.mailbox === mailbox);
}
