// serve_clients.js - what client libraries of others do with `ecosys serve`:
// @xapi/xapi (in both versions) and tincanjs (1.0.x) store, query, page, void,
// and keep documents. Run by serve_clients.sh.
// Arguments: endpoint, key, secret. Prints one line a check; exit code 1 if one fails.
'use strict';

const assert = require('node:assert');
const crypto = require('node:crypto');
const XAPI = require('@xapi/xapi');
const TinCan = require('tincanjs');

const [endpoint, key, secret] = process.argv.slice(2);
let passed = 0;
let failed = 0;

async function check(name, work) {
	try {
		await work();
		passed++;
		console.log(`ok ${name}`);
	} catch (error) {
		failed++;
		console.log(`not ok ${name}: ${error.response ? `${error.response.status} ${JSON.stringify(error.response.data)}` : error.message}`);
	}
}

async function withXapi(version) {
	const xapi = new XAPI({ endpoint, auth: XAPI.toBasicAuth(key, secret), version });
	const agent = { objectType: 'Agent', mbox: `mailto:xapi-${version}@example.com`, name: 'Ana' };
	const activityId = `http://example.com/activities/${version}`;
	const statement = (n) => ({ actor: agent, verb: XAPI.Verbs.COMPLETED, object: { objectType: 'Activity', id: activityId }, result: { response: `answer ${n} é` } });
	const say = (what) => `@xapi/xapi, version ${version}: ${what}`;
	let ids;

	await check(say('about'), async () => assert((await xapi.getAbout()).data.version.includes(version)));
	await check(say('store one'), async () => {
		ids = (await xapi.sendStatement({ statement: statement(0) })).data;
		assert.strictEqual(ids.length, 1);
	});
	await check(say('read it'), async () => {
		const { data, headers } = await xapi.getStatement({ statementId: ids[0] });
		assert.strictEqual(data.result.response, 'answer 0 é');
		assert.strictEqual(headers['x-experience-api-version'], version);
		assert.strictEqual(data.authority.account.name, key);
	});
	await check(say('store 30'), async () => {
		ids = (await xapi.sendStatements({ statements: Array.from({ length: 30 }, (_, n) => statement(n + 1)) })).data;
		assert.strictEqual(new Set(ids).size, 30);
	});
	await check(say('page through all of the activity'), async () => {
		const seen = [];
		let { data } = await xapi.getStatements({ activity: activityId, limit: 7, ascending: true });
		for (;;) {
			seen.push(...data.statements.map((s) => s.result.response));
			if (!data.more) break;
			({ data } = await xapi.getMoreStatements({ more: data.more }));
		}
		assert.deepStrictEqual(seen, Array.from({ length: 31 }, (_, n) => `answer ${n} é`));
	});
	await check(say('void one'), async () => {
		await xapi.voidStatement({ actor: agent, statementId: ids[3] });
		assert.strictEqual((await xapi.getVoidedStatement({ voidedStatementId: ids[3] })).data.id, ids[3]);
		await assert.rejects(xapi.getStatement({ statementId: ids[3] }), (error) => error.response.status === 404);
	});
	await check(say('an attachment'), async () => {
		const content = crypto.randomBytes(1000).toString('hex');
		const hash = crypto.createHash('sha256').update(content).digest('hex');
		const attachment = { usageType: XAPI.AttachmentUsages.SUPPORTING_MEDIA, display: { en: 'a' }, contentType: 'text/plain', length: content.length, sha2: hash };
		// its other adapter, axios, replaces the Content-Type of a Blob
		const byFetch = new XAPI({ endpoint, auth: XAPI.toBasicAuth(key, secret), version, adapter: 'fetch' });
		const stored = (await byFetch.sendStatement({ statement: { ...statement('with attachment'), attachments: [attachment] }, attachments: [content] })).data;
		const { data } = await byFetch.getStatement({ statementId: stored[0], attachments: true });
		assert.strictEqual(data[0].id, stored[0]);
		assert.strictEqual(data[1], content);
	});
	await check(say('a bad statement is refused'), () => assert.rejects(
		xapi.sendStatement({ statement: { actor: agent, verb: { id: 'no IRI' }, object: { id: activityId } } }), (error) => error.response.status === 400));
	await check(say('state: set, merge, get, list, delete'), async () => {
		const place = { agent, activityId, stateId: 'progress' };
		await xapi.setState({ ...place, state: { page: 1 } });
		await xapi.createState({ ...place, state: { mark: 'x' } });
		assert.deepStrictEqual((await xapi.getState(place)).data, { page: 1, mark: 'x' });
		assert.deepStrictEqual((await xapi.getStates({ agent, activityId })).data, ['progress']);
		await xapi.deleteState(place);
		await assert.rejects(xapi.getState(place), (error) => error.response.status === 404);
	});
	await check(say('profiles of agents and activities, by ETag'), async () => {
		await xapi.createAgentProfile({ agent, profileId: 'p', profile: { a: 1 } });
		const { data, headers } = await xapi.getAgentProfile({ agent, profileId: 'p' });
		assert.deepStrictEqual(data, { a: 1 });
		await xapi.setAgentProfile({ agent, profileId: 'p', profile: { a: 2 }, etag: headers.etag, matchHeader: 'If-Match' });
		await assert.rejects(xapi.setAgentProfile({ agent, profileId: 'p', profile: { a: 3 }, etag: headers.etag, matchHeader: 'If-Match' }),
			(error) => error.response.status === 412);
		await xapi.createActivityProfile({ activityId, profileId: 'p', profile: { b: 1 } });
		assert.deepStrictEqual((await xapi.getActivityProfiles({ activityId })).data, ['p']);
	});
	await check(say('agent and activity'), async () => {
		assert.deepStrictEqual((await xapi.getAgent({ agent })).data.mbox, [agent.mbox]);
		assert.strictEqual((await xapi.getActivity({ activityId })).data.id, activityId);
	});
	await check(say('wrong credentials'), () => assert.rejects(
		new XAPI({ endpoint, auth: XAPI.toBasicAuth(key, 'wrong'), version }).getStatements(), (error) => error.response.status === 401));
}

// tincanjs calls back with (error, result)
function tinCan(lrs, method, ...args) {
	return new Promise((resolve, reject) => {
		const options = args.pop() || {};
		options.callback = (error, result) => (error === null ? resolve(result) : reject(new Error(`${method}: ${error} ${result && result.responseText}`)));
		lrs[method](...args, options);
	});
}

async function withTinCan() {
	const lrs = new TinCan.LRS({ endpoint: `${endpoint}/`, username: key, password: secret, allowFail: false });
	const say = (what) => `tincanjs: ${what}`;
	const statement = new TinCan.Statement({
		actor: { mbox: 'mailto:tincan@example.com' }, verb: { id: 'http://adlnet.gov/expapi/verbs/experienced' }, target: { id: 'http://example.com/activities/tincan' },
	});

	await check(say('about'), async () => assert((await tinCan(lrs, 'about', {})).version.includes('1.0.3')));
	await check(say('store (PUT) and read'), async () => {
		await tinCan(lrs, 'saveStatement', statement, {});
		assert.strictEqual((await tinCan(lrs, 'retrieveStatement', statement.id, {})).actor.mbox, 'mailto:tincan@example.com');
	});
	await check(say('query'), async () => {
		const result = await tinCan(lrs, 'queryStatements', { params: { agent: new TinCan.Agent({ mbox: 'mailto:tincan@example.com' }), limit: 5 } });
		assert.strictEqual(result.statements.length, 1);
	});
	await check(say('state'), async () => {
		const place = { agent: new TinCan.Agent({ mbox: 'mailto:tincan@example.com' }), activity: new TinCan.Activity({ id: 'http://example.com/activities/tincan' }) };
		await tinCan(lrs, 'saveState', 'bookmark', 'page 7', { ...place, contentType: 'text/plain' });
		assert.strictEqual((await tinCan(lrs, 'retrieveState', 'bookmark', place)).contents, 'page 7');
		assert.deepStrictEqual(await tinCan(lrs, 'retrieveStateIds', place), ['bookmark']);
		await tinCan(lrs, 'dropState', 'bookmark', place);
		assert.strictEqual(await tinCan(lrs, 'retrieveState', 'bookmark', place), null);
	});
	await check(say('a batch, and pages of it'), async () => {
		const agent = new TinCan.Agent({ mbox: 'mailto:batch@example.com' });
		const batch = Array.from({ length: 9 }, (_, n) => new TinCan.Statement({ actor: agent, verb: statement.verb, target: statement.target, result: { response: `${n}` } }));
		await tinCan(lrs, 'saveStatements', batch, {});
		let page = await tinCan(lrs, 'queryStatements', { params: { agent, limit: 4, ascending: true } });
		const seen = page.statements.map((s) => s.result.response);
		while (page.more) {
			page = await tinCan(lrs, 'moreStatements', { url: page.more });
			seen.push(...page.statements.map((s) => s.result.response));
		}
		assert.deepStrictEqual(seen, ['0', '1', '2', '3', '4', '5', '6', '7', '8']);
	});
	await check(say('an attachment'), async () => {
		const attachment = new TinCan.Attachment({ usageType: 'http://id.tincanapi.com/attachment/supporting_media', display: { en: 'a' }, contentType: 'text/plain; charset=utf-8', content: 'some text é' });
		const withIt = new TinCan.Statement({ actor: statement.actor, verb: statement.verb, target: statement.target, attachments: [attachment] });
		await tinCan(lrs, 'saveStatement', withIt, {});
		const back = await tinCan(lrs, 'retrieveStatement', withIt.id, { params: { attachments: true } });
		assert.strictEqual(back.attachments[0].getContentAsString(), 'some text é');
	});
	await check(say('voiding'), async () => {
		await tinCan(lrs, 'saveStatement', new TinCan.Statement({ actor: statement.actor, verb: { id: 'http://adlnet.gov/expapi/verbs/voided' }, target: { objectType: 'StatementRef', id: statement.id } }), {});
		assert.strictEqual((await tinCan(lrs, 'retrieveVoidedStatement', statement.id, {})).id, statement.id);
	});
	await check(say('profiles and the activity'), async () => {
		const agent = new TinCan.Agent({ mbox: 'mailto:tincan@example.com' });
		const activity = new TinCan.Activity({ id: 'http://example.com/activities/tincan' });
		for (const [kind, place] of [['AgentProfile', { agent }], ['ActivityProfile', { activity }]]) {
			await tinCan(lrs, `save${kind}`, 'p', { a: 1 }, { ...place, contentType: 'application/json', method: 'POST' });
			const first = await tinCan(lrs, `retrieve${kind}`, 'p', place);
			assert.deepStrictEqual(first.contents, { a: 1 });
			await tinCan(lrs, `save${kind}`, 'p', { a: 2 }, { ...place, contentType: 'application/json', lastSHA1: first.etag });
			assert.deepStrictEqual((await tinCan(lrs, `retrieve${kind}`, 'p', place)).contents, { a: 2 });
			await assert.rejects(tinCan(lrs, `save${kind}`, 'p', { a: 3 }, { ...place, contentType: 'application/json', lastSHA1: first.etag }), /412/);
			assert.deepStrictEqual(await tinCan(lrs, `retrieve${kind}Ids`, place), ['p']);
			await tinCan(lrs, `drop${kind}`, 'p', place);
			assert.strictEqual(await tinCan(lrs, `retrieve${kind}`, 'p', place), null);
		}
		assert.strictEqual((await tinCan(lrs, 'retrieveActivity', activity.id, {})).id, activity.id);
	});
}

(async () => {
	await withXapi('1.0.3');
	await withXapi('2.0.0');
	await withTinCan();
	console.log(`${passed} passed, ${failed} failed`);
	process.exit(failed > 0 ? 1 : 0);
})();
