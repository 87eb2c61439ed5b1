import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.ApiResponse;
import org.openapitools.client.api.FilesApi;
import org.openapitools.client.api.GeneralApi;
import org.openapitools.client.api.PeopleApi;
import org.openapitools.client.api.RecommendationsApi;
import org.openapitools.client.model.Axis;
import org.openapitools.client.model.KnownOfficeRole;
import org.openapitools.client.model.Organization;
import org.openapitools.client.model.OrganizationRef;
import org.openapitools.client.model.Problem;
import org.openapitools.client.model.Progress;
import org.openapitools.client.model.ProposalFile;
import org.openapitools.client.model.Recommendation;
import org.openapitools.client.model.RecommendationDetail;
import org.openapitools.client.model.RecommendationPage;
import org.openapitools.client.model.RecommendationStepInput;
import org.openapitools.client.model.TakeOnInput;

/** Does what the programs in examples/ do, for a compiler to judge: it is never run. */
public class Follow {
    static final Set<String> OTHERS = Set.of("/problems/taken", "/problems/permission-denied");

    final ApiClient client = new ApiClient();
    final RecommendationsApi api = new RecommendationsApi(client);

    List<Recommendation> everyOne(String tag) throws ApiException {
        List<Recommendation> found = new ArrayList<>();
        String cursor = null;
        do {
            RecommendationPage page =
                    api.listRecommendations(
                            RecommendationsApi.APIListRecommendationsRequest.newBuilder()
                                    .tag(List.of(tag))
                                    .progress(List.of(Progress.NOT_STARTED))
                                    .limit(5)
                                    .cursor(cursor)
                                    .build());
            found.addAll(page.getItems());
            cursor = page.getNext();
        } while (cursor != null);
        return found;
    }

    Problem problem(ApiException refusal) throws Exception {
        return client.getObjectMapper().readValue(refusal.getResponseBody(), Problem.class);
    }

    RecommendationDetail takeOn(List<Recommendation> found, String office) throws Exception {
        TakeOnInput input = new TakeOnInput().office(office).role(KnownOfficeRole.LEAD);
        for (Recommendation one : found) {
            String version = "\"v" + one.getVersion() + "\"";
            try {
                return api.takeOnRecommendation(
                        RecommendationsApi.APITakeOnRecommendationRequest.newBuilder()
                                .recommendationId(one.getId())
                                .ifMatch(version)
                                .takeOnInput(input)
                                .build());
            } catch (ApiException refusal) {
                if (!OTHERS.contains(problem(refusal).getType().toString())) {
                    throw refusal;
                }
            }
        }
        throw new IllegalStateException("other offices have them all");
    }

    ApiResponse<RecommendationDetail> begin(Long id, Long version, String key)
            throws ApiException {
        return api.moveRecommendationWithHttpInfo(
                RecommendationsApi.APIMoveRecommendationRequest.newBuilder()
                        .recommendationId(id)
                        .ifMatch("\"v" + version + "\"")
                        .idempotencyKey(key)
                        .recommendationStepInput(
                                new RecommendationStepInput().axis(Axis.PROGRESS).to("in_progress"))
                        .build());
    }

    File sendFile(Long proposal, File content) throws ApiException {
        FilesApi files = new FilesApi(client);
        ProposalFile sent =
                files.uploadFile(
                        FilesApi.APIUploadFileRequest.newBuilder()
                                .proposalId(proposal)
                                .filename("进展.txt")
                                .body(content)
                                .build());
        return files.getFileContent(
                FilesApi.APIGetFileContentRequest.newBuilder().fileId(sent.getId()).build());
    }

    public static void main(String[] words) throws Exception {
        Follow it = new Follow();
        OrganizationRef office =
                new GeneralApi(it.client)
                        .getMe(GeneralApi.APIGetMeRequest.newBuilder().build())
                        .getOffice();
        for (Organization one :
                new PeopleApi(it.client)
                        .listOrganizations(
                                PeopleApi.APIListOrganizationsRequest.newBuilder().build())
                        .getItems()) {
            System.out.println(one.getNameZh());
        }
        RecommendationDetail mine = it.takeOn(it.everyOne("ai-industrial-park"), office.getSlug());
        String key = UUID.randomUUID().toString();
        it.begin(mine.getId(), mine.getVersion(), key);
        var again = it.begin(mine.getId(), mine.getVersion(), key);
        System.out.println(again.getHeaders().get("idempotency-replayed"));
        it.sendFile(mine.getProposal().getId(), new File(words[0]));
    }
}
