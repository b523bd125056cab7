// Whether what is shown is live: a word in the side bar, and a message over the page when it is not.
import { watchSlowCalls } from './api.js';
import { setConnected } from './state.js';

let connection = { state: 'waiting' };
let slowCalls = 0;

function message() {
  if (connection.state === 'lost') return `${connection.why} What is shown may be out of date. Trying again in ${Math.ceil(connection.wait)} s.`;
  return slowCalls ? 'The mock has been asked for something and has not answered for some seconds. It may be busy, or stopped.' : '';
}

function draw() {
  const word = document.getElementById('connection');
  const isSlow = connection.state === 'live' && slowCalls > 0;
  word.dataset.state = isSlow ? 'slow' : connection.state;
  word.textContent = isSlow ? 'Waiting for an answer' : connection.state === 'live' ? 'Live' : 'Not connected';
  document.getElementById('banner').textContent = message();
}

/** What the stream tells: 'live', or 'lost', why, and the seconds to the next try. */
export function showConnection(state, why, wait) {
  const wasLive = connection.state === 'live';
  connection = { state, why, wait };
  draw();
  if (wasLive !== (state === 'live')) setConnected(state === 'live');
}

export function watchConnection() {
  watchSlowCalls((number) => {
    slowCalls = number;
    draw();
  });
}
