package dev.guildhall.bench.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The places for tables in a page. */
class MarkdownTest {
    private static String fill(String text) {
        return Markdown.fill(text, name -> name.toUpperCase(Locale.ROOT) + " $1 \\");
    }

    @Test
    void replacesWhatIsBetweenTheMarkers() {
        String filled = fill("""
                before
                <!-- table: a -->
                old

                older
                <!-- end -->
                between
                <!-- table: b -->
                <!-- end -->
                after
                """);

        assertThat(filled).isEqualTo("""
                before
                <!-- table: a -->
                A $1 \\

                <!-- end -->
                between
                <!-- table: b -->
                B $1 \\

                <!-- end -->
                after
                """);
        assertThat(fill(filled)).isEqualTo(filled);
    }

    @Test
    void leavesAPageWithoutTablesAlone() {
        assertThat(fill("between `<!-- table: a -->` and `<!-- end -->`\n"))
                .isEqualTo("between `<!-- table: a -->` and `<!-- end -->`\n");
    }

    @Test
    void refusesATableWithoutAnEnd() {
        assertThatThrownBy(() -> fill("<!-- table: a -->\n<!-- table: b -->\n<!-- end -->"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2 times '<!-- table: NAME -->' on a line of its own, but 1 with '<!-- end -->'");
        assertThatThrownBy(() -> fill("<!-- table: a --> <!-- end -->")).hasMessageStartingWith("1 times");
    }
}
