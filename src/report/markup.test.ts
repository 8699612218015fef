import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escaped, Markup, markup } from './markup.js';

describe('markup', () => {
  it('escapes what is put in, and leaves markup as it is', () => {
    const name = '<script>alert("x")</script>';
    expect(markup`<b title="${name}">${name}</b>`.text).toBe(
      '<b title="&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;">&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;</b>',
    );
    expect(markup`<p>${[markup`<i>${1}</i>`, undefined, ' & ', ["'"]]}</p>`.text).toBe(
      '<p><i>1</i> &amp; &#39;</p>',
    );
    expect(markup`${new Markup('<hr>')}`.text).toBe('<hr>');
  });

  it('lets no sign through that HTML gives a meaning or that turns the direction of writing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escaped(text)).not.toMatch(/[<>"'\p{Cc}\p{Cf}\p{Cs}]|&(?!(amp|lt|gt|quot|#39);)/u);
      }),
    );
  });
});
