// Follows one subject of the register, and works on one recommendation of it.
//
// API is the address of a register, KEY a key of an office. The client is made from the contract:
//
//	openapi-generator-cli generate -g go -i ../../openapi/openapi.json -o register \
//	    --additional-properties=packageName=register,withGoMod=false,enumClassPrefix=true,disallowAdditionalPropertiesIfNotPresent=false
//	go run .
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"

	"follow/register"
)

// What is answered where another office has a recommendation, or shall have it.
var others = map[string]bool{"/problems/taken": true, "/problems/permission-denied": true}

// The problem that an answer is; nil where none came. Its type names a page that says what to do.
func problem(err error) *register.Problem {
	told, ok := err.(*register.GenericOpenAPIError)
	if !ok {
		return nil
	}
	found, ok := told.Model().(register.Problem)
	if !ok {
		return nil
	}
	return &found
}

// Ends the program where something was refused, and says what would be right.
func must(err error) {
	if err == nil {
		return
	}
	if found := problem(err); found != nil {
		for _, wrong := range found.Errors {
			log.Printf("%s: %s", wrong.Field, wrong.Message)
		}
		log.Fatalf("%s: %s", found.Type, found.Detail)
	}
	log.Fatal(err)
}

// A new key for a request that may be sent again and shall count once.
func newKey() string {
	random := make([]byte, 16)
	_, err := rand.Read(random)
	must(err)
	return fmt.Sprintf("%x", random)
}

func tagOf(version int64) string { return fmt.Sprintf(`"v%d"`, version) }

type client struct {
	*register.APIClient
	ctx context.Context
}

// Reads all with the tag that nobody began with, page by page: the order by id does not move.
func (api client) everyOne(tag string) (found []register.Recommendation) {
	wanted := api.RecommendationsAPI.ListRecommendations(api.ctx).
		Tag([]string{tag}).
		Progress([]register.Progress{register.PROGRESS_NOT_STARTED}).
		Limit(5)
	for {
		page, _, err := wanted.Execute()
		must(err)
		found = append(found, page.Items...)
		next := page.Next.Get()
		if next == nil {
			return found
		}
		wanted = wanted.Cursor(*next)
	}
}

// Takes the first one on that no other office has.
func (api client) takeOn(found []register.Recommendation, office string) *register.RecommendationDetail {
	input := *register.NewTakeOnInput(office)
	input.SetRole(register.KNOWNOFFICEROLE_LEAD)
	for _, one := range found {
		taken, _, err := api.RecommendationsAPI.TakeOnRecommendation(api.ctx, one.Id).
			IfMatch(tagOf(one.Version)).
			TakeOnInput(input).
			Execute()
		if refused := problem(err); refused != nil && others[refused.Type] {
			continue
		}
		must(err)
		return taken
	}
	log.Fatal("other offices have them all")
	return nil
}

// Takes one step, as often as it is sent; the key lets it count once.
func (api client) begin(id int64, version int64, key string) (*http.Response, error) {
	_, answer, err := api.RecommendationsAPI.MoveRecommendation(api.ctx, id).
		IfMatch(tagOf(version)).
		IdempotencyKey(key).
		RecommendationStepInput(*register.NewRecommendationStepInput(register.AXIS_PROGRESS, "in_progress")).
		Execute()
	return answer, err
}

// Adds a file to a proposal, and reads it again.
func (api client) sendFile(proposal int64, content string) string {
	file, err := os.CreateTemp("", "progress")
	must(err)
	defer os.Remove(file.Name())
	defer file.Close()
	_, err = file.WriteString(content)
	must(err)
	_, err = file.Seek(0, io.SeekStart)
	must(err)
	sent, _, err := api.FilesAPI.UploadFile(api.ctx, proposal).Filename("进展.txt").Body(file).Execute()
	must(err)
	got, _, err := api.FilesAPI.GetFileContent(api.ctx, sent.Id).Execute()
	must(err)
	defer os.Remove(got.Name())
	defer got.Close()
	read, err := io.ReadAll(got)
	must(err)
	return string(read)
}

func main() {
	settings := register.NewConfiguration()
	address := os.Getenv("API")
	if address == "" {
		address = "http://127.0.0.1:8000/api/v1"
	}
	settings.Servers = register.ServerConfigurations{{URL: address}}
	settings.AddDefaultHeader("Accept-Language", "en")
	ctx := context.WithValue(context.Background(), register.ContextAccessToken, os.Getenv("KEY"))
	api := client{register.NewAPIClient(settings), ctx}

	me, _, err := api.GeneralAPI.GetMe(ctx).Execute()
	must(err)
	office := me.Office.Get()
	if office == nil {
		log.Fatal("the key belongs to no office")
	}
	found := api.everyOne("ai-industrial-park")
	fmt.Println(len(found), "recommendations on the AI industrial park wait")

	mine := api.takeOn(found, office.Slug)
	fmt.Println(office.NameZh, "has taken on", mine.Reference)

	stale, err := api.begin(mine.Id, mine.Version+7, newKey())
	if refused := problem(err); refused != nil {
		fmt.Println("another version:", stale.StatusCode, refused.Type)
	}
	key := newKey()
	_, err = api.begin(mine.Id, mine.Version, key)
	must(err)
	again, err := api.begin(mine.Id, mine.Version, key)
	must(err)
	fmt.Printf("sent twice: %d, replayed: %s\n", again.StatusCode, again.Header.Get("Idempotency-Replayed"))

	content := "选址已完成\n"
	same := api.sendFile(mine.Proposal.Id, content) == content
	fmt.Println("the file came back as it went:", strconv.FormatBool(same))
}
