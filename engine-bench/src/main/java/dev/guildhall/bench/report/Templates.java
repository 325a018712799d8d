package dev.guildhall.bench.report;

import freemarker.template.Configuration;
import freemarker.template.DefaultObjectWrapper;
import freemarker.template.DefaultObjectWrapperBuilder;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import freemarker.template.Version;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The templates of a folder of the jar. Each sees {@code numbers}, the methods of {@link Numbers}. */
public final class Templates {
    private static final Version VERSION = Configuration.VERSION_2_3_34;

    private final Configuration configuration = new Configuration(VERSION);
    private final Map<String, Object> shared = new HashMap<>();

    /** Those of a folder such as {@code /tables}. */
    public Templates(String folder) {
        configuration.setClassForTemplateLoading(Templates.class, folder);
        configuration.setDefaultEncoding(StandardCharsets.UTF_8.name());
        configuration.setLocale(Locale.ROOT);
        configuration.setNumberFormat("computer");
        configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
        configuration.setLogTemplateExceptions(false);
        configuration.setWrapUncheckedExceptions(true);
        DefaultObjectWrapper wrapper = new DefaultObjectWrapperBuilder(VERSION).build();
        configuration.setObjectWrapper(wrapper);
        try {
            shared.put("numbers", wrapper.getStaticModels().get(Numbers.class.getName()));
        } catch (freemarker.template.TemplateModelException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether there is a template of this name. */
    public boolean has(String name) {
        try {
            configuration.getTemplate(name);
            return true;
        } catch (freemarker.template.TemplateNotFoundException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Fills a template.
     *
     * @throws IllegalArgumentException if something is not there that it needs
     */
    public String fill(String name, Map<String, ?> model) {
        Map<String, Object> all = new HashMap<>(shared);
        all.putAll(model);
        StringWriter text = new StringWriter();
        try {
            configuration.getTemplate(name).process(all, text);
        } catch (TemplateException e) {
            throw new IllegalArgumentException(name + ": " + reason(e), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** What a method that the template called says, or FreeMarker. */
    private static String reason(TemplateException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalArgumentException && cause.getMessage() != null) {
                return cause.getMessage();
            }
        }
        return e.getMessageWithoutStackTop();
    }
}
