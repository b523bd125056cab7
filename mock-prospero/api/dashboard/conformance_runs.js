// The runs that the server knows, newest first.
export class Runs {
  #runs = new Map();

  set(items) {
    this.#runs = new Map([...items].reverse().map((one) => [one.id, one]));
  }

  take(run) {
    this.#runs.set(run.id, run);
  }

  all() {
    return [...this.#runs.values()].reverse();
  }
}
