// SPDX-License-Identifier: Apache-2.0
// Shows /openapi.json. Everything is put in as text, never as markup.
'use strict';

const words = {
  en: {
    skip: 'Skip to the operations', search: 'Search', found: 'operations', who: 'Who may call',
    anyone: 'anyone, without login', signedIn: 'anyone signed in', reach: 'reaches', repeat: 'Idempotency-Key',
    COMMAND: 'command: takes an Idempotency-Key', EXEMPT: 'not stored under an Idempotency-Key', READ: 'read',
    parameters: 'Parameters', body: 'Body', answers: 'Answers', needed: 'required', show: 'fields', list: 'list of', bytes: 'bytes, not JSON',
    failed: 'The description could not be loaded: ',
    PUBLIC: 'public', SELF: 'own account', OWN_ORGANIZATION: 'own organisation', OWN_ZONE: 'own zone',
    PARTY: 'cases one is a party to', LEADING_GROUP: 'matters of the leading group', DEPLOYMENT: 'whole deployment',
  },
  zh: {
    skip: '跳到接口列表', search: '搜索', found: '个接口', who: '谁可以调用',
    anyone: '任何人，无需登录', signedIn: '任何已登录用户', reach: '范围', repeat: 'Idempotency-Key',
    COMMAND: '写操作：可带 Idempotency-Key', EXEMPT: '不按 Idempotency-Key 保存', READ: '读取',
    parameters: '参数', body: '请求内容', answers: '答复', needed: '必填', show: '字段', list: '列表：', bytes: '字节内容，非 JSON',
    failed: '无法载入接口说明：',
    PUBLIC: '公开', SELF: '本人账户', OWN_ORGANIZATION: '本组织', OWN_ZONE: '本片区',
    PARTY: '本人为当事方的案件', LEADING_GROUP: '领导小组事务', DEPLOYMENT: '整个部署',
  },
};
const language = (navigator.language || 'en').toLowerCase().startsWith('zh') ? 'zh' : 'en';
const say = (key) => words[language][key] || key;

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  for (const child of children) {
    if (child !== null && child !== undefined) element.append(child);
  }
  return element;
}

// `code` in comments becomes a code element.
function prose(text, tag = 'p') {
  const element = make(tag, { class: 'text' });
  (text || '').split('`').forEach((part, i) => element.append(i % 2 ? make('code', null, part) : part));
  return element;
}

const nameOf = (schema) => schema.$ref ? schema.$ref.split('/').pop() : null;

function typeOf(schema) {
  if (schema.$ref) return nameOf(schema);
  if (schema.type === 'array') return `${say('list')} ${typeOf(schema.items)}`;
  return schema.format ? `${schema.type} (${schema.format})` : schema.type;
}

function limitsOf(schema) {
  const limits = [];
  if (schema.enum) limits.push(schema.enum.join(' | '));
  if (schema.minimum !== undefined) limits.push(`${schema.minimum} … ${schema.maximum}`);
  if (schema.maxLength !== undefined) limits.push(`${schema.minLength ? schema.minLength + ' … ' : '≤ '}${schema.maxLength}`);
  if (schema.maxItems !== undefined) limits.push(`≤ ${schema.maxItems}`);
  if (schema.pattern) limits.push(schema.pattern);
  return limits.join(' · ');
}

function fieldEntry(api, name, schema, needed, description, seen) {
  const entry = make('li', null, make('code', null, name), ' ', make('span', { class: 'type' }, typeOf(schema)));
  if (needed) entry.append(' ', make('span', { class: 'needed' }, say('needed')));
  const limits = limitsOf(schema);
  if (limits) entry.append(' ', make('span', { class: 'type' }, limits));
  if (description) entry.append(prose(description));
  const inner = nameOf(schema.type === 'array' ? schema.items : schema);
  if (inner && !seen.includes(inner)) entry.append(fieldsOf(api, inner, seen));
  return entry;
}

// The fields of a named schema, folded away until somebody looks.
function fieldsOf(api, name, seen) {
  const schema = api.components.schemas[name];
  const details = make('details', null, make('summary', null, `${name} · ${say('show')}`));
  details.addEventListener('toggle', () => {
    if (details.querySelector('ul')) return;
    const list = make('ul', { class: 'fields' });
    for (const [field, inner] of Object.entries(schema.properties || {})) {
      const needed = (schema.required || []).includes(field);
      list.append(fieldEntry(api, field, inner, needed, inner.description, [...seen, name]));
    }
    details.append(list);
  });
  return details;
}

function callers(operation) {
  const access = operation['x-zonelink-access'];
  if (access.scope === 'PUBLIC') return say('anyone');
  const who = access.roles.length ? access.roles.join(', ') : say('signedIn');
  return `${who} · ${say('reach')}: ${say(access.scope)}`;
}

function parametersOf(api, operation) {
  const list = make('ul', { class: 'fields' });
  for (const parameter of operation.parameters) {
    list.append(fieldEntry(api, parameter.name, { ...parameter.schema, type: `${parameter.schema.type}, ${parameter.in}` },
      parameter.required, parameter.description, []));
  }
  return list;
}

function answersOf(api, operation) {
  const list = make('ul', { class: 'fields' });
  for (const [status, response] of Object.entries(operation.responses)) {
    const entry = make('li', null, make('code', null, status), ' ', prose(response.description, 'span'));
    const content = Object.values(response.content || {})[0];
    const name = content && content.schema && nameOf(content.schema);
    if (content && !content.schema) entry.append(' ', make('span', { class: 'type' }, say('bytes')));
    if (name && name !== 'Problem') entry.append(fieldsOf(api, name, []));
    list.append(entry);
  }
  return list;
}

function fill(api, path, operation, place) {
  const body = operation.requestBody && nameOf(Object.values(operation.requestBody.content)[0].schema);
  place.append(
    prose(operation.description),
    make('ul', { class: 'facts' },
      make('li', null, `${say('who')}: ${callers(operation)}`),
      make('li', null, say(operation['x-idempotency']))),
    make('h3', null, say('parameters')), parametersOf(api, operation));
  if (body) {
    const fields = fieldsOf(api, body, []);
    fields.open = true;
    place.append(make('h3', null, say('body')), fields);
  }
  place.append(make('h3', null, say('answers')), answersOf(api, operation));
}

function card(api, path, verb, operation) {
  const place = make('div');
  const element = make('details', { class: 'operation', id: operation.operationId },
    make('summary', null,
      make('span', { class: `method ${verb}` }, verb.toUpperCase()), ' ',
      make('span', { class: 'path' }, path),
      make('span', { class: 'summary' }, operation.summary)),
    place);
  element.addEventListener('toggle', () => {
    if (element.open && !place.firstChild) fill(api, path, operation, place);
  });
  return element;
}

function operationsOf(api) {
  const operations = [];
  for (const [path, verbs] of Object.entries(api.paths)) {
    for (const [verb, operation] of Object.entries(verbs)) {
      const words = [verb, path, operation.operationId, operation.description, ...operation['x-zonelink-access'].roles];
      operations.push({ path, verb, operation, tag: operation.tags[0], text: words.join(' ').toLowerCase() });
    }
  }
  return operations;
}

function showSection(api, tag, operations) {
  const heading = make('h2', { id: `tag-${tag.name}` }, tag.name);
  const section = make('section', null, heading, prose(tag.description));
  const links = make('ul');
  for (const entry of operations) {
    entry.card = card(api, entry.path, entry.verb, entry.operation);
    entry.link = make('li', null, make('a', { href: `#${entry.operation.operationId}` }, entry.operation.operationId));
    section.append(entry.card);
    links.append(entry.link);
  }
  const part = make('div', null, make('strong', null, tag.name), links);
  document.getElementById('contents').append(part);
  document.getElementById('operations').append(section);
  return { section, part, operations };
}

function search(sections) {
  const asked = document.getElementById('search').value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const { section, part, operations } of sections) {
    let any = false;
    for (const entry of operations) {
      const fits = asked.every((word) => entry.text.includes(word));
      entry.card.hidden = entry.link.hidden = !fits;
      any = any || fits;
      found += fits ? 1 : 0;
    }
    section.hidden = part.hidden = !any;
  }
  document.getElementById('count').textContent = `${found} ${say('found')}`;
}

function openNamed() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (named && named.tagName === 'DETAILS') {
    named.open = true;
    named.scrollIntoView();
  }
}

async function start() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  for (const element of document.querySelectorAll('[data-text]')) element.textContent = say(element.dataset.text);
  const state = document.getElementById('state');
  try {
    const answer = await fetch('/openapi.json');
    if (!answer.ok) throw new Error(String(answer.status));
    const api = await answer.json();
    state.remove();
    document.getElementById('about').replaceWith(prose(api.info.description));
    const all = operationsOf(api);
    const sections = api.tags.map((tag) => showSection(api, tag, all.filter((entry) => entry.tag === tag.name)));
    document.getElementById('search').addEventListener('input', () => search(sections));
    search(sections);
    addEventListener('hashchange', openNamed);
    openNamed();
  } catch (error) {
    state.textContent = say('failed') + error.message;
  }
}

start();
