import java.io.File;
import java.util.ArrayList;
import java.util.List;
import net.sf.okapi.common.Event;
import net.sf.okapi.common.LocaleId;
import net.sf.okapi.common.filters.IFilter;
import net.sf.okapi.common.filterwriter.IFilterWriter;
import net.sf.okapi.common.resource.ITextUnit;
import net.sf.okapi.common.resource.RawDocument;
import net.sf.okapi.common.resource.Segment;
import net.sf.okapi.common.resource.TextContainer;
import net.sf.okapi.filters.tmx.TmxFilter;
import net.sf.okapi.filters.xliff.XLIFFFilter;
import net.sf.okapi.filters.xliff2.XLIFF2Filter;

/**
 * Reads files as Okapi does and writes them again with every source as its own target.
 *
 * <p>Arguments: folder for the copies, then files (.xlf, .xlf1, .tmx). For each file one line of JSON:
 * the file's name, and for each translatable segment its text; of TMX also that of its target.
 */
public final class OkapiSegments {
    public static void main(String[] arguments) throws Exception {
        File folder = new File(arguments[0]);
        for (int i = 1; i < arguments.length; i++) {
            one(new File(arguments[i]), folder);
        }
    }

    private static IFilter filter(String name) {
        if (name.endsWith(".tmx")) {
            return new TmxFilter();
        }
        return name.endsWith(".xlf1") ? new XLIFFFilter() : new XLIFF2Filter();
    }

    private static void one(File file, File folder) throws Exception {
        List<String> texts = new ArrayList<>();
        boolean tmx = file.getName().endsWith(".tmx");
        // As our files say it; the name of a TMX file ends with the language of its targets.
        String target = tmx ? file.getName().replaceAll(".*-(..)\\.tmx", "$1") : "es";
        LocaleId spanish = LocaleId.fromBCP47(target);
        try (IFilter filter = filter(file.getName());
                IFilterWriter writer = filter.createFilterWriter()) {
            if (!tmx) {
                writer.setOptions(spanish, "UTF-8");
                writer.setOutput(new File(folder, file.getName()).getPath());
            }
            filter.open(new RawDocument(file.toURI(), "UTF-8", LocaleId.ITALIAN, spanish));
            while (filter.hasNext()) {
                Event event = filter.next();
                if (event.isTextUnit()) {
                    ITextUnit unit = event.getTextUnit();
                    if (unit.isTranslatable()) {
                        read(unit, spanish, tmx, texts);
                    }
                }
                if (!tmx) {
                    writer.handleEvent(event);
                }
            }
        }
        StringBuilder line = new StringBuilder("{\"file\":").append(json(file.getName())).append(",\"segments\":[");
        line.append(String.join(",", texts)).append("]}");
        System.out.println(line);
    }

    private static void read(ITextUnit unit, LocaleId target, boolean tmx, List<String> texts) {
        for (Segment segment : unit.getSourceSegments()) {
            texts.add(json(segment.getContent().toText()));
        }
        if (tmx) {
            texts.add(json(unit.getTarget(target).toString()));
        } else {
            TextContainer copy = unit.getSource().clone();
            unit.setTarget(target, copy);
        }
    }

    private static String json(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c < ' ' || c == '"' || c == '\\' || c > '~') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    private OkapiSegments() {}
}
