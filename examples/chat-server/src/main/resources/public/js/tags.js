// One function per element: div({ class: 'x' }, child, ...). Preact's h with the tag's name already filled in, so that views
// need neither a build step nor a template parser.
import { Component, h } from 'preact';

export const tags = new Proxy(
  {},
  { get: (_, name) => (props, ...children) => h(name, props, ...children) },
);

/** A component that is drawn again only when one of its props is another value. */
export function memo(view) {
  return class extends Component {
    shouldComponentUpdate(next) {
      const keys = Object.keys(next);
      return (
        keys.length !== Object.keys(this.props).length || keys.some((key) => next[key] !== this.props[key])
      );
    }

    render(props) {
      return h(view, props);
    }
  };
}
